import { homePaths } from '@naap/lakehouse';
import { Serving, type SyncResult } from '@naap/serving';
import { Command } from 'commander';
import { Context, createContext, LocalLake } from '../context';
import { Progress } from '../progress';

export function addSync(program: Command): void {
  program
    .command('sync')
    .description('gold → ClickHouse, the days that changed')
    .action(async () => {
      const context = await createContext(program.opts());
      process.stdout.write(`${JSON.stringify(await sync(context))}\n`);
    });
}

async function sync(context: Context): Promise<SyncResult> {
  const progress = new Progress();
  if (context.portal) {
    const details = await context.portal.runStep('sync', {}, progress);
    const result = details as unknown as SyncResult;
    progress.done(describe(result));
    return result;
  }
  const lake = new LocalLake(context.home);
  try {
    const serving = await Serving.open({
      path: homePaths(context.home).clickhouse,
    });
    try {
      const result = await serving.sync(lake.gold, {
        onProgress: ({ step, done, total }) =>
          progress.update(`${step}: ${done} of ${total} days`),
      });
      progress.done(describe(result));
      return result;
    } finally {
      await serving.close();
    }
  } finally {
    await lake.close();
  }
}

function describe({ buildId, replaced, unchanged }: SyncResult): string {
  return buildId === null
    ? 'no build yet: ./naap build'
    : `serving build ${buildId}: ${replaced.length} days replaced, ${unchanged} unchanged`;
}
