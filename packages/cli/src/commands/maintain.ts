import { Command } from 'commander';
import { createContext } from '../context';
import { withPlatform } from '../withPlatform';

export function addMaintain(program: Command): void {
  program
    .command('maintain')
    .description('compacts the lake and lets old snapshots go')
    .action(async () => {
      const context = await createContext(program.opts());
      const result = await withPlatform(context, (platform, progress) =>
        platform.maintain(progress),
      );
      process.stdout.write(`${JSON.stringify(result)}\n`);
    });
}
