import { LakeCommitter } from '@naap/lakehouse';
import { Command } from 'commander';
import { createContext, LocalLake } from '../context';

export function addMaintain(program: Command): void {
  program
    .command('maintain')
    .description('compacts the lake and lets old snapshots go')
    .action(async () => {
      const { home, portal } = await createContext(program.opts());
      let result: object;
      if (portal) {
        result = await portal.runStep('maintain');
      } else {
        const lake = new LocalLake(home);
        try {
          result = await new LakeCommitter(home, lake.worker).maintain();
        } finally {
          await lake.close();
        }
      }
      process.stdout.write(`${JSON.stringify(result)}\n`);
    });
}
