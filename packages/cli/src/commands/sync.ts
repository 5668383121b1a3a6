import { homePaths } from '@naap/lakehouse';
import { Serving } from '@naap/serving';
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

async function sync(context: Context): Promise<object> {
  if (context.portal) {
    return (await context.portal.runStep('sync')).details;
  }
  const lake = new LocalLake(context.home);
  const progress = new Progress();
  try {
    const serving = await Serving.open({
      path: homePaths(context.home).clickhouse,
    });
    try {
      const result = await serving.sync(lake.gold, {
        onProgress: ({ step, done, total }) =>
          progress.update(`${step}: ${done} of ${total} days`),
      });
      progress.done(
        result.buildId === null
          ? 'no build yet: ./naap build'
          : `serving build ${result.buildId}: ${result.replaced.length} days replaced, ${result.unchanged} unchanged`,
      );
      return result;
    } finally {
      await serving.close();
    }
  } finally {
    await lake.close();
  }
}
