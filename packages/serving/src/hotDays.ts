import { Database } from './client';
import { readSyncedDays, SyncedDay } from './servedState';
import { DayTable } from './tables';
import { HourWindow } from './window';

const DAY_MS = 86_400_000;

/** Each day that is not held yet is a query of its own. */
const MAX_DAYS_OF_QUESTION = 100;

/** The days that are served at a revision, oldest first, and what is held of them. */
export class ServedDays {
  readonly #database: Database;
  readonly #held: Array<HotDays<unknown>> = [];
  #served:
    | { revision: number; days: Promise<Map<string, SyncedDay>> }
    | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  at(revision: number): Promise<Map<string, SyncedDay>> {
    if (this.#served?.revision !== revision) {
      const days = readSyncedDays(this.#database);
      const served = { revision, days };
      this.#served = served;
      days.catch(() => {
        if (this.#served === served) this.#served = undefined;
      });
    }
    return this.#served.days;
  }

  holds(days: HotDays<unknown>): void {
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

interface Day {
  day: string;
  build: string;
  rows: number;
}

interface HotDay<Held> {
  build: string;
  /** Since it was read. */
  asked: boolean;
  /** Unix ms. */
  askedAt: number;
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
  readonly #hot = new Map<string, HotDay<Held>>();
  #rows = 0;

  constructor(served: ServedDays, holding: Holding<Held>) {
    this.#served = served;
    this.#holding = holding;
    served.holds(this);
  }

  /**
   * The days of a window as they are served at a revision, oldest first; null when they are too many or can't be held.
   * Whoever asks looks afterwards whether that revision is still served.
   */
  async in(revision: number, window: HourWindow): Promise<Held[] | null> {
    const days = (await this.#days(revision)).filter(({ day }) =>
      isIn(window, day),
    );
    if (days.length > MAX_DAYS_OF_QUESTION) return null;
    const rows = days.reduce((sum, day) => sum + day.rows, 0);
    if (rows > this.#holding.maxRowsOfQuestion) return null;
    const held = await Promise.all(days.map(day => this.#held(day, true)));
    return held.includes(null) ? null : (held as Held[]);
  }

  async refresh(revision: number): Promise<void> {
    for (const day of await this.#days(revision)) {
      const hot = this.#hot.get(day.day);
      if (hot?.asked && hot.build !== day.build) await this.#held(day, false);
    }
  }

  dropUnused(since: number): void {
    for (const [day, hot] of this.#hot) {
      if (hot.askedAt < since) this.#drop(day, hot);
    }
  }

  /** The days that have rows. */
  async #days(revision: number): Promise<Day[]> {
    return [...(await this.#served.at(revision))]
      .map(([day, { buildId, rows }]) => ({
        day,
        build: buildId,
        rows: this.#holding.tables.reduce(
          (sum, table) => sum + (rows[table] ?? 0),
          0,
        ),
      }))
      .filter(({ rows }) => rows > 0);
  }

  #held({ day, build, rows }: Day, asked: boolean): Promise<Held | null> {
    let hot = this.#hot.get(day);
    if (hot) this.#drop(day, hot);
    if (hot?.build !== build) {
      hot = {
        build,
        asked,
        askedAt: hot?.askedAt ?? Date.now(),
        rows,
        held: this.#holding.read(day),
      };
      const read = hot;
      hot.held.catch(() => this.#drop(day, read));
    }
    hot.asked = asked;
    if (asked) hot.askedAt = Date.now();
    this.#hot.set(day, hot);
    this.#rows += hot.rows;
    for (const [oldest, other] of this.#hot) {
      if (this.#rows <= this.#holding.maxRowsHeld || other === hot) break;
      this.#drop(oldest, other);
    }
    return hot.held;
  }

  #drop(day: string, hot: HotDay<Held>): void {
    if (this.#hot.get(day) !== hot) return;
    this.#hot.delete(day);
    this.#rows -= hot.rows;
  }
}
