import { Database } from './client';
import { DayCells, groupCells, readDayCells } from './dayCells';
import {
  groupConditions,
  GroupQuery,
  ReadGroups,
  TABLES,
  TablePair,
} from './groups';
import { sqlGroups } from './groupQuery';
import { readSyncedDays } from './servedState';
import { HourWindow } from './window';

/**
 * Buckets that one question may add up here, some 10 ms of work; ClickHouse answers longer windows, beside this thread.
 * A day of 830,000 events has about 200,000.
 */
const MAX_ROWS_OF_A_QUESTION = 1_600_000;
/** About 11 bytes a bucket, and as much for the parts. */
const MAX_ROWS_HELD = 4_000_000;

const DAY_MS = 86_400_000;

interface HotDay {
  build: string;
  rows: number;
  cells: Promise<DayCells | null>;
}

/** A day that is served, the build that made it, and its rows in each table. */
interface ServedDay {
  day: string;
  build: string;
  rows: Record<string, number>;
}

async function readServedDays(database: Database): Promise<ServedDay[]> {
  const [builds, parts] = await Promise.all([
    readSyncedDays(database),
    database.rows<[string, string, number]>(
      `SELECT partition, table, sum(rows) FROM system.parts
WHERE database = 'naap' AND active AND table IN {tables:Array(String)} GROUP BY partition, table`,
      { tables: Object.values(TABLES).flat() },
    ),
  ]);
  const days = new Map(
    [...builds].map(([day, build]): [string, ServedDay] => [
      day,
      { day, build, rows: {} },
    ]),
  );
  for (const [day, table, rows] of parts) {
    const served = days.get(day);
    if (served) served.rows[table] = rows;
  }
  return [...days.values()];
}

function isIn({ from, to }: HourWindow, day: string): boolean {
  const begin = Date.parse(day);
  return begin < (to ?? Infinity) && begin + DAY_MS > (from ?? -Infinity);
}

/**
 * The days of the hourly tables that were asked for of late, in memory: there a question takes a millisecond, where
 * ClickHouse needs forty and all of the machine. A day is kept until a sync brings it from another build.
 */
export class HotDays {
  readonly #database: Database;
  readonly #sql: ReadGroups;
  /** The longest unused first. */
  readonly #days = new Map<string, HotDay>();
  #rows = 0;
  #served: { revision: number; days: Promise<ServedDay[]> } | undefined;

  constructor(database: Database) {
    this.#database = database;
    this.#sql = sqlGroups(database);
  }

  /** Reads groups of what is served at a revision. Whoever asks looks afterwards whether it still is. */
  at(revision: number): ReadGroups {
    return async query => {
      groupConditions(query);
      const days = await this.#read(revision, query);
      return days ? groupCells(days, query) : this.#sql(query);
    };
  }

  /** The days of a question; null when they are too many or can't be held. */
  async #read(
    revision: number,
    { of, window }: GroupQuery,
  ): Promise<DayCells[] | null> {
    const [additive, latency] = TABLES[of];
    const days = (await this.#servedAt(revision)).filter(
      ({ day, rows }) =>
        isIn(window, day) && (rows[additive] ?? 0) + (rows[latency] ?? 0) > 0,
    );
    const rows = days.reduce((sum, day) => sum + (day.rows[latency] ?? 0), 0);
    if (rows > MAX_ROWS_OF_A_QUESTION) return null;
    const cells = await Promise.all(days.map(day => this.#day(of, day)));
    return cells.includes(null) ? null : (cells as DayCells[]);
  }

  #servedAt(revision: number): Promise<ServedDay[]> {
    if (this.#served?.revision !== revision) {
      const days = readServedDays(this.#database);
      const served = { revision, days };
      this.#served = served;
      days.catch(() => {
        if (this.#served === served) this.#served = undefined;
      });
    }
    return this.#served.days;
  }

  #day(
    of: TablePair,
    { day, build, rows }: ServedDay,
  ): Promise<DayCells | null> {
    const key = `${of} ${day}`;
    let hot = this.#days.get(key);
    if (hot) this.#drop(key, hot);
    if (hot?.build !== build) {
      hot = {
        build,
        rows: rows[TABLES[of][1]] ?? 0,
        cells: readDayCells(this.#database, of, day),
      };
      const read = hot;
      hot.cells.catch(() => this.#drop(key, read));
    }
    this.#days.set(key, hot);
    this.#rows += hot.rows;
    for (const [oldest, other] of this.#days) {
      if (this.#rows <= MAX_ROWS_HELD || other === hot) break;
      this.#drop(oldest, other);
    }
    return hot.cells;
  }

  #drop(key: string, hot: HotDay): void {
    if (this.#days.get(key) !== hot) return;
    this.#days.delete(key);
    this.#rows -= hot.rows;
  }
}
