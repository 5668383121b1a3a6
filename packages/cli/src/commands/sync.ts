import type { SyncResult } from '@naap/serving';
import { Command } from 'commander';
import { createContext } from '../context';
import { withPlatform } from '../withPlatform';

export function addSync(program: Command): void {
  program
    .command('sync')
    .description('gold → ClickHouse, the days that changed')
    .action(async () => {
      const context = await createContext(program.opts());
      const result = await withPlatform(context, async (platform, progress) => {
        const synced = await platform.sync(progress);
        progress.done(describe(synced));
        return synced;
      });
      process.stdout.write(`${JSON.stringify(result)}\n`);
    });
}

function describe({ buildId, replaced, unchanged }: SyncResult): string {
  return buildId === null
    ? 'no build yet: ./naap build'
    : `serving build ${buildId}: ${replaced.length} days replaced, ${unchanged} unchanged`;
}
