import { openChdb } from '../chdb/chdbDatabase';
import { Database } from '../database';
import { migrate } from '../migrate';
import { sync } from '../sync';
import { GoldFiles } from './gold';

/**
 * A process that syncs and is killed (SIGKILL) before its n-th statement or load; ends with 0 when there are fewer.
 * Arguments: ClickHouse directory, gold directory, n.
 */
async function main([path, gold, n]: string[]): Promise<void> {
  const database = await openChdb({ path });
  await migrate(database);
  let left = Number(n);
  const count = () => {
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
  const mortal: Database = {
    ...database,
    rows: (...of) => {
      count();
      return database.rows(...of);
    },
    command: (...of) => {
      count();
      return database.command(...of);
    },
    insert: (...of) => {
      count();
      return database.insert(...of);
    },
    load: (...of) => {
      // Killed while the engine reads the file, not before.
      const loading = database.load(...of);
      count();
      return loading;
    },
  };
  await sync(mortal, new GoldFiles(gold), {}, publication => publication());
  await database.close();
}

main(process.argv.slice(2)).catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
