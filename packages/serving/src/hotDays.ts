import { Database } from './client';
import { readSyncedDays } from './servedState';
import { DAY_TABLES, DayTable } from './tables';
import { HourWindow } from './window';

const DAY_MS = 86_400_000;

/** A day that is served, the build that made it, and its rows. */
interface ServedDay {
  day: string;
  build: string;
  rows: Partial<Record<DayTable, number>>;
}

async function readServedDays(database: Database): Promise<ServedDay[]> {
  const [builds, parts] = await Promise.all([
    readSyncedDays(database),
    database.rows<[string, DayTable, number]>(
      `SELECT partition, table, sum(rows) FROM system.parts
WHERE database = 'naap' AND active AND table IN {tables:Array(String)} GROUP BY partition, table`,
      { tables: [...DAY_TABLES] },
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
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** The days that are served at a revision, oldest first. */
export class ServedDays {
  readonly #database: Database;
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
}

function isIn({ from, to }: HourWindow, day: string): boolean {
  const begin = Date.parse(day);
  return begin < (to ?? Infinity) && begin + DAY_MS > (from ?? -Infinity);
}

/** What is held of a day, and how much of it at most. */
export interface Holding<Held> {
  tables: DayTable[];
  /** Null when the day can't be held. */
  read: (day: string) => Promise<Held | null>;
  /** Rows that one question may go through here, some 10 ms of work; ClickHouse answers longer windows, beside this thread. */
  maxRowsOfQuestion: number;
  maxRowsHeld: number;
}

interface HotDay<Held> {
  build: string;
  rows: number;
  held: Promise<Held | null>;
}

/**
 * The days of some tables that were asked for of late, in memory: there a question takes a millisecond, where
 * ClickHouse needs forty and all of the machine. A day is kept until a sync brings it from another build.
 */
export class HotDays<Held> {
  readonly #served: ServedDays;
  readonly #holding: Holding<Held>;
  /** The longest unused first. */
  readonly #days = new Map<string, HotDay<Held>>();
  #rows = 0;

  constructor(served: ServedDays, holding: Holding<Held>) {
    this.#served = served;
    this.#holding = holding;
  }

  /**
   * The days of a window as they are served at a revision, oldest first; null when they are too many or can't be held.
   * Whoever asks looks afterwards whether that revision is still served.
   */
  async in(revision: number, window: HourWindow): Promise<Held[] | null> {
    const { tables, maxRowsOfQuestion } = this.#holding;
    const days = (await this.#served.at(revision))
      .filter(({ day }) => isIn(window, day))
      .map(({ day, build, rows }) => ({
        day,
        build,
        rows: tables.reduce((sum, table) => sum + (rows[table] ?? 0), 0),
      }))
      .filter(({ rows }) => rows > 0);
    const rows = days.reduce((sum, day) => sum + day.rows, 0);
    if (rows > maxRowsOfQuestion) return null;
    const held = await Promise.all(days.map(day => this.#day(day)));
    return held.includes(null) ? null : (held as Held[]);
  }

  #day(served: {
    day: string;
    build: string;
    rows: number;
  }): Promise<Held | null> {
    const { day, build, rows } = served;
    let hot = this.#days.get(day);
    if (hot) this.#drop(day, hot);
    if (hot?.build !== build) {
      hot = { build, rows, held: this.#holding.read(day) };
      const read = hot;
      hot.held.catch(() => this.#drop(day, read));
    }
    this.#days.set(day, hot);
    this.#rows += hot.rows;
    for (const [oldest, other] of this.#days) {
      if (this.#rows <= this.#holding.maxRowsHeld || other === hot) break;
      this.#drop(oldest, other);
    }
    return hot.held;
  }

  #drop(day: string, hot: HotDay<Held>): void {
    if (this.#days.get(day) !== hot) return;
    this.#days.delete(day);
    this.#rows -= hot.rows;
  }
}
