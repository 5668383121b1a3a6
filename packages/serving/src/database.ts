import { Slices } from '@naap/system';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import type { GoldRows } from './contract';
import { Gate } from './gate';
import { icebergInsert } from './icebergInsert';

/** One ClickHouse, wherever it runs. */
export interface Database {
  /** Rows as arrays in the order of the select list. Values reach the statement only as bound parameters. */
  rows<Row extends unknown[]>(
    sql: string,
    parameters?: Record<string, unknown>,
  ): Promise<Row[]>;
  command(sql: string, parameters?: Record<string, unknown>): Promise<void>;
  insert(table: string, rows: object[]): Promise<void>;
  /** Adds rows of gold to a table; they must have every column. */
  load(table: string, columns: string[], rows: GoldRows): Promise<void>;
  /** Gives memory of this process that the engine has freed back to the system. */
  giveBack(): Promise<void>;
  close(): Promise<void>;
}

/** What every statement means, wherever it runs. */
export const SETTINGS: ClickHouseSettings = {
  // A null where the table takes none is an error of gold, not a 0.
  insert_null_as_default: 0,
  input_format_null_as_default: 0,
  input_format_parquet_allow_missing_columns: 0,
  output_format_json_quote_64bit_integers: 0,
};

/** The same database for questions: so many at once, others wait or are refused with a BusyError. */
export function gated(whole: Database, atOnce: number): Database {
  const gate = new Gate({ atOnce, waiting: 500, patienceMs: 10_000 });
  return { ...whole, rows: (...of) => gate.pass(() => whole.rows(...of)) };
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

/** What not every client does in the same way. */
interface ClientOptions {
  /** Adds a Parquet file on this machine. */
  loadFile(table: string, columns: string[], path: string): Promise<void>;
  giveBack(): Promise<void>;
}

/** A database that a client speaks to. */
export function database(
  client: ClickHouseClient,
  options: ClientOptions,
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
    load(table, columns, rows) {
      if (typeof rows === 'string') {
        return track(options.loadFile(table, columns, rows));
      }
      const { query, parameters } = icebergInsert(table, columns, rows);
      return track(
        client.command({ query, query_params: parameters }).then(() => {}),
      );
    },
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
