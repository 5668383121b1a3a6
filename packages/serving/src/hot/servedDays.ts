import { Database } from '../database';
import { readSyncedDays } from '../servedState';
import { DAY_TABLES, DayTable } from '../tables';

/** What a table has of a day; its bytes are those of its columns, not compressed, but zeros take none. */
export interface Stored {
  rows: number;
  bytes: number;
}

/** A day that is served, the build that made it, and what it is. */
interface ServedDay {
  day: string;
  build: string;
  stored: Partial<Record<DayTable, Stored>>;
}

/** Sparse days share a partition, and with it how large a row is. */
async function readServedDays(database: Database): Promise<ServedDay[]> {
  const [days, parts] = await Promise.all([
    readSyncedDays(database),
    database.rows<[string, DayTable, number]>(
      `SELECT partition, table, sum(data_uncompressed_bytes) / sum(rows) FROM system.parts
WHERE database = 'naap' AND active AND table IN {tables:Array(String)} GROUP BY partition, table HAVING sum(rows) > 0`,
      { tables: [...DAY_TABLES] },
    ),
  ]);
  const bytesOfRow = new Map(
    parts.map(([partition, table, bytes]) => [`${table} ${partition}`, bytes]),
  );
  return [...days].map(([day, { buildId, partition, rows }]) => {
    const stored: ServedDay['stored'] = {};
    for (const [name, count] of Object.entries(rows)) {
      const table = name as DayTable;
      const bytes = bytesOfRow.get(`${table} ${partition}`) ?? 0;
      stored[table] = { rows: count, bytes: count * bytes };
    }
    return { day, build: buildId, stored };
  });
}

/** Days of some tables that are held, and follow what is served. */
export interface Held {
  refresh(revision: number): Promise<void>;
  dropUnused(since: number): void;
}

/** The days that are served at a revision, oldest first, and what is held of them. */
export class ServedDays {
  readonly #database: Database;
  readonly #held: Held[] = [];
  #served: { revision: number; days: Promise<ServedDay[]> } | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  at(revision: number): Promise<ServedDay[]> {
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

  holds(days: Held): void {
    this.#held.push(days);
  }

  /** Reads anew what was asked for and has changed, so that the next question need not wait for it. */
  async refresh(revision: number): Promise<void> {
    for (const days of this.#held) await days.refresh(revision);
  }

  /** Drops the days that nobody asked for since a time, Unix ms. */
  dropUnused(since: number): void {
    for (const days of this.#held) days.dropUnused(since);
  }
}
