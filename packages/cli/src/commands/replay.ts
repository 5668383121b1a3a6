import { Command } from 'commander';
import { createContext } from '../context';
import { toTime } from '../options';
import { withPlatform } from '../withPlatform';

interface Options {
  from?: string;
  to?: string;
  all: boolean;
}

export function addReplay(program: Command): void {
  program
    .command('replay')
    .description(
      'judges what the lake holds anew, from its bytes, where another version of the gate judged it; prints what changed',
    )
    .option('--from <time>', 'only what came in from then on (ISO 8601, UTC)')
    .option('--to <time>', 'only what came in before then (ISO 8601, UTC)')
    .option('--all', 'also what this version has judged', false)
    .action(async ({ from, to, all }: Options) => {
      const range = { from: toTime('--from', from), to: toTime('--to', to) };
      const context = await createContext(program.opts());
      const summary = await withPlatform(context, (platform, progress) =>
        platform.replay({ ...range, all }, progress),
      );
      process.stdout.write(`${JSON.stringify(summary)}\n`);
    });
}
