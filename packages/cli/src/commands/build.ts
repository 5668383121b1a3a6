import type { BuildResult } from '@naap/lakehouse';
import { Command } from 'commander';
import { createContext } from '../context';
import { FailedError } from '../errors';
import type { BuildChoice } from '../platform/Platform';
import { withPlatform } from '../withPlatform';

export function addBuild(program: Command): void {
  program
    .command('build')
    .description('bronze → silver → gold (dbt); only what arrived, or --full')
    .option('--full', 'make everything anew', false)
    .option(
      '--days <days>',
      'take the messages of these days again too (YYYY-MM-DD, commas between)',
      value => value.split(','),
    )
    .action(async (options: BuildChoice) => {
      const context = await createContext(program.opts());
      const result = await withPlatform(context, async (platform, progress) => {
        const built = await platform.build(options, progress);
        progress.done(describe(built));
        return built;
      });
      process.stdout.write(`${JSON.stringify(result)}\n`);
      if (result.failures.length > 0) {
        throw new FailedError(
          `data tests failed: ${result.failures.join(', ')}`,
        );
      }
    });
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
