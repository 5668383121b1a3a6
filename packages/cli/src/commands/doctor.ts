import { Command } from 'commander';
import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { createContext } from '../context';
import { FailedError } from '../errors';
import { runnerOf } from '../platform/openPlatform';
import type { Row } from '../platform/Runner';

/** Below this a day of events may not fit. */
const LOW_DISK_BYTES = 2 * 1024 ** 3;

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('says what is there and what is not')
    .action(async () => {
      const context = await createContext(program.opts());
      const problems: string[] = [];
      const row = (name: string, ok: boolean, text: string) => {
        if (!ok) problems.push(name);
        process.stdout.write(
          `${name.padEnd(12)} ${(ok ? 'ok' : 'MISSING').padEnd(8)} ${text}\n`,
        );
      };
      await checkHome(context.home, row);
      await runnerOf(context).doctor(row);
      if (problems.length > 0) {
        throw new FailedError(`not well: ${problems.join(', ')}`);
      }
    });
}

async function checkHome(home: string, row: Row): Promise<void> {
  try {
    await mkdir(home, { recursive: true });
    await access(home, constants.R_OK | constants.W_OK);
  } catch (error) {
    row('home', false, `${home}: ${(error as Error).message}`);
    return;
  }
  row('home', true, home);
  const { bavail, bsize } = await statfs(home);
  const free = bavail * bsize;
  row(
    'disk',
    free > LOW_DISK_BYTES,
    `${(free / 1024 ** 3).toFixed(1)} GiB free`,
  );
}
