import { Command } from 'commander';
import { createContext } from '../context';
import { FailedError } from '../errors';
import { runnerOf } from '../platform/openPlatform';

export function addApply(program: Command): void {
  program
    .command('apply')
    .description(
      'makes the topics, tables and connectors of the distributed profile what is declared; prints what differed',
    )
    .option('--check', 'only tells; 1 where anything differs', false)
    .action(async ({ check }: { check: boolean }) => {
      const runner = runnerOf(await createContext(program.opts()));
      const drift = await runner.apply({ check });
      process.stdout.write(`${JSON.stringify(drift)}\n`);
      if (check && Object.values(drift).some(({ length }) => length > 0)) {
        throw new FailedError('./naap apply makes it what is declared');
      }
    });
}
