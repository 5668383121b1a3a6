import { Command } from 'commander';
import { createContext } from '../context';
import { FailedError, UsageError } from '../errors';
import { applyDeclared } from '../platform/distributed/applyDeclared';
import { readDistributedConfig } from '../platform/distributed/distributedConfig';

export function addApply(program: Command): void {
  program
    .command('apply')
    .description(
      'makes the topics, tables and connectors of the distributed profile what is declared; prints what differed',
    )
    .option('--check', 'only tells; 1 where anything differs', false)
    .action(async ({ check }: { check: boolean }) => {
      const { profile, root } = await createContext(program.opts());
      if (profile !== 'distributed') {
        throw new UsageError('the embedded profile has nothing to apply');
      }
      const config = await readDistributedConfig(root, process.env);
      const drift = await applyDeclared(config, { check });
      process.stdout.write(`${JSON.stringify(drift)}\n`);
      if (check && Object.values(drift).some(({ length }) => length > 0)) {
        throw new FailedError('./naap apply makes it what is declared');
      }
    });
}
