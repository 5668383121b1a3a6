import { Database } from './client';
import { DayCells, groupCells, readDayCells } from './dayCells';
import { groupConditions, ReadGroups } from './groups';
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

/** A day that is served, the build that made it, and its rows in the two hourly tables. */
interface ServedDay {
  day: string;
  build: string;
  rows: { parts: number; buckets: number };
}

async function readServedDays(database: Database): Promise<ServedDay[]> {
  const [builds, parts] = await Promise.all([
    readSyncedDays(database),
    database.rows<[string, string, number]>(
      `SELECT partition, table, sum(rows) FROM system.parts
WHERE database = 'naap' AND active AND table IN {tables:Array(String)} GROUP BY partition, table`,
      { tables: ['kpi_hourly', 'kpi_latency_hourly'] },
    ),
  ]);
  const days = new Map(
    [...builds].map(([day, build]): [string, ServedDay] => [
      day,
      { day, build, rows: { parts: 0, buckets: 0 } },
    ]),
  );
  for (const [day, table, rows] of parts) {
    const served = days.get(day);
    if (served)
      served.rows[table === 'kpi_hourly' ? 'parts' : 'buckets'] = rows;
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
      const days = await this.#read(revision, query.window);
      return days ? groupCells(days, query) : this.#sql(query);
    };
  }

  /** The days of a question; null when they are too many or can't be held. */
  async #read(
    revision: number,
    window: HourWindow,
  ): Promise<DayCells[] | null> {
    const days = (await this.#servedAt(revision)).filter(
      ({ day, rows }) => isIn(window, day) && rows.parts + rows.buckets > 0,
    );
    const rows = days.reduce((sum, day) => sum + day.rows.buckets, 0);
    if (rows > MAX_ROWS_OF_A_QUESTION) return null;
    const cells = await Promise.all(days.map(day => this.#day(day)));
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

  #day({ day, build, rows }: ServedDay): Promise<DayCells | null> {
    let hot = this.#days.get(day);
    if (hot) this.#drop(day, hot);
    if (hot?.build !== build) {
      hot = {
        build,
        rows: rows.buckets,
        cells: readDayCells(this.#database, day),
      };
      const read = hot;
      hot.cells.catch(() => this.#drop(day, read));
    }
    this.#days.set(day, hot);
    this.#rows += hot.rows;
    for (const [oldest, other] of this.#days) {
      if (this.#rows <= MAX_ROWS_HELD || other === hot) break;
      this.#drop(oldest, other);
    }
    return hot.cells;
  }

  #drop(day: string, hot: HotDay): void {
    if (this.#days.get(day) !== hot) return;
    this.#days.delete(day);
    this.#rows -= hot.rows;
  }
}
