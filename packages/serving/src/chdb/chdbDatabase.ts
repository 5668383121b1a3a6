import { mkdirSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import {
  ClickHouseClient,
  ClickHouseClientConfigOptions,
  ClickHouseSettings,
  createClient,
} from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';
import { Database, database, SETTINGS } from '../database';
import { DirectoryInUseError } from '../errors';

/** The ClickHouse engine in this process; `path` is its directory, made when absent. */
export interface EmbeddedTarget {
  path: string;
}

/** Two cores and 3 GB are for all processes of the platform. */
const OF_ONE_MACHINE: ClickHouseSettings = {
  max_threads: 2,
  max_memory_usage: '1000000000',
  // Many groups go over the disk.
  max_bytes_before_external_group_by: '200000000',
  max_bytes_before_external_sort: '200000000',
  // Compiling pays off for millions of rows; here it makes every third query a slow one.
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
  compile_sort_description: 0,
};

/** The living process that holds a ClickHouse directory, as its status file names it. */
function ownerOf(directory: string): number | undefined {
  try {
    const status = readFileSync(join(directory, 'status'), 'utf8');
    const pid = Number(/^PID: (\d+)$/m.exec(status)?.[1]);
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}

function connect(path: string): ClickHouseClient {
  const directory = resolve(path);
  mkdirSync(directory, { recursive: true });
  try {
    // The types of chdb come from another copy of the same declarations, which have a class in them.
    const connection = createChdbConnection({
      path: directory,
    }) as unknown as ClickHouseClientConfigOptions['connection'];
    return createClient({ connection });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (message.includes('only one active data directory per process')) {
      throw new DirectoryInUseError(
        `This process already holds another ClickHouse directory, so ${directory} cannot be opened. Close the other one first.`,
        { cause: error },
      );
    }
    // The engine tells its reason to stderr alone.
    const owner = ownerOf(directory);
    if (owner !== undefined) {
      throw new DirectoryInUseError(
        `The ClickHouse directory ${directory} is owned by process ${owner}, as its status file says. If that is one of the platform, ask it (a running "naap up" answers through its API), or stop it first (./naap down).`,
        { cause: error },
      );
    }
    throw new Error(
      `The ClickHouse engine cannot open ${directory}: see its message above. Everything in there can be made again from gold: move it away and sync.`,
      { cause: error },
    );
  }
}

/** @throws DirectoryInUseError */
export async function openChdb({ path }: EmbeddedTarget): Promise<Database> {
  const client = connect(path);
  // The session is one for the whole process. As settings of the client they would go ahead of every statement, which
  // takes longer than a small query.
  const settings = Object.entries({ ...SETTINGS, ...OF_ONE_MACHINE }).map(
    ([name, value]) => `${name} = ${value}`,
  );
  await client.command({ query: `SET ${settings.join()}` });
  return database(client, {
    // The connection of chdb decodes insert bodies as UTF-8, which breaks Parquet; the engine reads the file itself.
    loadFile: async (table, columns, file) => {
      const list = columns.join(', ');
      await client.command({
        query: `INSERT INTO ${table} (${list}) SELECT ${list} FROM file({path:String}, 'Parquet')`,
        query_params: { path: file },
      });
    },
    // Its allocator keeps what a burst of questions took.
    giveBack: async () => {
      await client.command({ query: 'SYSTEM JEMALLOC PURGE' });
    },
  });
}
