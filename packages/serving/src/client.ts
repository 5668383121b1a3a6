import { createReadStream, mkdirSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import {
  ClickHouseClient,
  ClickHouseLogLevel,
  ClickHouseSettings,
  createClient,
  ClickHouseClientConfigOptions,
} from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';
import { Slices } from '@naap/system';
import { DirectoryInUseError, ServerUnreachableError } from './errors';
import { Gate } from './gate';

/** The ClickHouse engine in this process; `path` is its directory, made when absent. */
export interface EmbeddedTarget {
  path: string;
}

/** A ClickHouse server, `url` as in `http://host:8123`. */
export interface ServerTarget {
  url: string;
  username?: string;
  password?: string;
}

export type ServingTarget = EmbeddedTarget | ServerTarget;

/** One ClickHouse, wherever it runs. */
export interface Database {
  /** Rows as arrays in the order of the select list. Values reach the statement only as bound parameters. */
  rows<Row extends unknown[]>(
    sql: string,
    parameters?: Record<string, unknown>,
  ): Promise<Row[]>;
  command(sql: string, parameters?: Record<string, unknown>): Promise<void>;
  insert(table: string, rows: object[]): Promise<void>;
  /** Adds a Parquet file (absolute path on this machine) to a table; every column must be in the file. */
  load(table: string, columns: string[], path: string): Promise<void>;
  /** Gives memory of this process that the engine has freed back to the system. */
  giveBack(): Promise<void>;
  /** True when other processes may write too: what was read a moment ago may be old. */
  shared: boolean;
  close(): Promise<void>;
}

const SETTINGS: ClickHouseSettings = {
  // A null where the table takes none is an error of gold, not a 0.
  insert_null_as_default: 0,
  input_format_null_as_default: 0,
  input_format_parquet_allow_missing_columns: 0,
  output_format_json_quote_64bit_integers: 0,
  // Two cores and 3 GB are for all processes of the platform.
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

/** The same database for questions: few at once, others wait or are refused with a BusyError. */
export function oneByOne(whole: Database): Database {
  const gate = new Gate({ atOnce: 2, waiting: 500, patienceMs: 10_000 });
  return { ...whole, rows: (...of) => gate.pass(() => whole.rows(...of)) };
}

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

function openEmbedded(path: string): ClickHouseClient {
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

/** A line is a row. */
async function parseLines<Row>(text: string): Promise<Row[]> {
  const slices = new Slices();
  const rows: Row[] = [];
  let start = 0;
  while (start < text.length) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    rows.push(JSON.parse(text.slice(start, end)));
    start = end + 1;
    if (slices.over()) await slices.rest();
  }
  return rows;
}

function database(
  client: ClickHouseClient,
  options: Pick<Database, 'load' | 'giveBack' | 'shared'>,
): Database {
  const running = new Set<Promise<unknown>>();
  async function track<T>(statement: Promise<T>): Promise<T> {
    running.add(statement);
    try {
      return await statement;
    } finally {
      running.delete(statement);
    }
  }
  return {
    shared: options.shared,
    load: (...of) => track(options.load(...of)),
    giveBack: () => track(options.giveBack()),
    async rows<Row extends unknown[]>(
      sql: string,
      parameters?: Record<string, unknown>,
    ) {
      const answer = await track(
        client.query({
          query: sql,
          query_params: parameters,
          format: 'JSONCompactEachRow',
        }),
      );
      return parseLines<Row>(await answer.text());
    },
    async command(sql, parameters) {
      await track(client.command({ query: sql, query_params: parameters }));
    },
    async insert(table, rows) {
      await track(
        client.insert({ table, values: rows, format: 'JSONEachRow' }),
      );
    },
    async close() {
      // The engine in process must not be shut down under a statement.
      await Promise.allSettled(running);
      await client.close();
    },
  };
}

/**
 * Opens the ClickHouse of a target.
 * @throws DirectoryInUseError, ServerUnreachableError
 */
export async function openDatabase(target: ServingTarget): Promise<Database> {
  if ('path' in target) {
    const client = openEmbedded(target.path);
    // The session is one for the whole process. As settings of the client they would go ahead of every statement, which
    // takes longer than a small query.
    const settings = Object.entries(SETTINGS).map(
      ([name, value]) => `${name} = ${value}`,
    );
    await client.command({ query: `SET ${settings.join()}` });
    return database(client, {
      shared: false,
      // The connection of chdb decodes insert bodies as UTF-8, which breaks Parquet; the engine reads the file itself.
      load: async (table, columns, path) => {
        const list = columns.join(', ');
        await client.command({
          query: `INSERT INTO ${table} (${list}) SELECT ${list} FROM file({path:String}, 'Parquet')`,
          query_params: { path },
        });
      },
      // Its allocator keeps what a burst of questions took.
      giveBack: async () => {
        await client.command({ query: 'SYSTEM JEMALLOC PURGE' });
      },
    });
  }
  const client = createClient({
    url: target.url,
    username: target.username,
    password: target.password,
    clickhouse_settings: SETTINGS,
    // Errors are thrown; who catches them says what is to be said.
    log: { level: ClickHouseLogLevel.OFF },
  });
  const ping = await client.ping({ select: true });
  if (!ping.success) {
    await client.close();
    throw new ServerUnreachableError(
      `The ClickHouse server at ${
        new URL(target.url).origin
      } does not answer: ${ping.error.message}`,
      { cause: ping.error },
    );
  }
  return database(client, {
    shared: true,
    load: async (table, columns, path) => {
      await client.insert({
        table,
        columns: columns as [string, ...string[]],
        values: createReadStream(path),
        format: 'Parquet',
      });
    },
    giveBack: async () => {},
  });
}
