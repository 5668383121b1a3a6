import { BuildResult } from '@naap/lakehouse';
import { Command } from 'commander';
import { Context, createContext, LocalLake } from '../context';
import { FailedError } from '../errors';
import { Progress } from '../progress';
import { bringUpToDate } from '../replayHome';

export function addBuild(program: Command): void {
  program
    .command('build')
    .description('bronze → silver → gold (dbt); only what arrived, or --full')
    .option('--full', 'make everything anew', false)
    .action(async (options: { full: boolean }) => {
      const context = await createContext(program.opts());
      const result = await build(context, options.full);
      process.stdout.write(`${JSON.stringify(result)}\n`);
      if (result.failures.length > 0) {
        throw new FailedError(
          `data tests failed: ${result.failures.join(', ')}`,
        );
      }
    });
}

async function build(context: Context, full: boolean): Promise<BuildResult> {
  const progress = new Progress();
  if (context.portal) {
    const details = await context.portal.runStep('build', { full }, progress);
    const result = details as unknown as BuildResult;
    progress.done(describe(result));
    return result;
  }
  await bringUpToDate(context.home, message => progress.update(message));
  const lake = new LocalLake(context.home);
  try {
    const result = await lake.builder.run({
      full,
      onProgress: ({ message }) => progress.update(message),
    });
    progress.done(describe(result));
    return result;
  } finally {
    await lake.close();
  }
}

function describe(result: BuildResult): string {
  if (result.skipped === 'no_events') {
    return 'no events yet: ./naap ingest FILE, or ./naap simulate';
  }
  if (result.skipped === 'nothing_new') return 'gold is up to date';
  const { passed, failed } = result.tests;
  return `built ${result.full ? 'in full' : 'what arrived'} in ${
    result.seconds
  } s; ${passed} data tests passed, ${failed} failed`;
}
