import { DayTable } from '../tables';
import { TimeWindow } from '../window';
import { ServedDays, Stored } from './servedDays';

const DAY_MS = 86_400_000;

export const MIB = 1024 * 1024;

/** Each day that is not held yet is a query of its own. */
const MAX_DAYS_OF_QUESTION = 100;

function isIn({ from, to }: TimeWindow, day: string): boolean {
  const begin = Date.parse(day);
  return begin < (to ?? Infinity) && begin + DAY_MS > (from ?? -Infinity);
}

/** What is held of a day, and how much of it at most. */
export interface Holding<Held> {
  /** About how many bytes a table takes in memory. */
  tables: Partial<Record<DayTable, (stored: Stored) => number>>;
  /** Null when the day can't be held. */
  read: (day: string) => Promise<Held | null>;
  /** Rows that one question may go through here, some 10 ms of work; ClickHouse answers longer windows, beside this thread. */
  maxRowsOfQuestion: number;
  /** Bytes of the days that one question may go through: a day of many long names is never read. */
  maxBytesOfQuestion: number;
  maxBytesHeld: number;
}

interface Day extends Stored {
  day: string;
  build: string;
}

interface HotDay<Held> {
  build: string;
  /** Since it was read. */
  asked: boolean;
  bytes: number;
  /** Unix ms. */
  askedAt: number;
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
  #bytes = 0;

  constructor(served: ServedDays, holding: Holding<Held>) {
    this.#served = served;
    this.#holding = holding;
    served.holds(this);
  }

  /**
   * The days of a window as they are served at a revision, oldest first; null when they are too many or can't be held.
   * Whoever asks looks afterwards whether that revision is still served.
   */
  async in(revision: number, window: TimeWindow): Promise<Held[] | null> {
    const days = (await this.#days(revision)).filter(({ day }) =>
      isIn(window, day),
    );
    if (days.length > MAX_DAYS_OF_QUESTION || !this.#canHold(days)) return null;
    const held = await Promise.all(days.map(day => this.#held(day, true)));
    return held.includes(null) ? null : (held as Held[]);
  }

  async refresh(revision: number): Promise<void> {
    for (const day of await this.#days(revision)) {
      const hot = this.#hot.get(day.day);
      if (hot?.asked && hot.build !== day.build && this.#canHold([day])) {
        await this.#held(day, false);
      }
    }
  }

  dropUnused(since: number): void {
    for (const [day, hot] of this.#hot) {
      if (hot.askedAt < since) this.#drop(day, hot);
    }
  }

  #canHold(days: Day[]): boolean {
    const rows = days.reduce((sum, day) => sum + day.rows, 0);
    const bytes = days.reduce((sum, day) => sum + day.bytes, 0);
    return (
      rows <= this.#holding.maxRowsOfQuestion &&
      bytes <= this.#holding.maxBytesOfQuestion
    );
  }

  /** The days that have rows. */
  async #days(revision: number): Promise<Day[]> {
    const tables = Object.entries(this.#holding.tables) as Array<
      [DayTable, (stored: Stored) => number]
    >;
    return (await this.#served.at(revision))
      .map(({ day, build, stored }) => {
        const whole: Day = { day, build, rows: 0, bytes: 0 };
        for (const [table, bytesOf] of tables) {
          const of = stored[table];
          if (!of) continue;
          whole.rows += of.rows;
          whole.bytes += bytesOf(of);
        }
        return whole;
      })
      .filter(({ rows }) => rows > 0);
  }

  #held({ day, build, bytes }: Day, asked: boolean): Promise<Held | null> {
    let hot = this.#hot.get(day);
    if (hot) this.#drop(day, hot);
    if (hot?.build !== build) {
      hot = {
        build,
        asked,
        askedAt: hot?.askedAt ?? Date.now(),
        bytes,
        held: this.#holding.read(day),
      };
      const read = hot;
      hot.held.catch(() => this.#drop(day, read));
    }
    hot.asked = asked;
    if (asked) hot.askedAt = Date.now();
    this.#hot.set(day, hot);
    this.#bytes += hot.bytes;
    for (const [oldest, other] of this.#hot) {
      if (this.#bytes <= this.#holding.maxBytesHeld || other === hot) break;
      this.#drop(oldest, other);
    }
    return hot.held;
  }

  #drop(day: string, hot: HotDay<Held>): void {
    if (this.#hot.get(day) !== hot) return;
    this.#hot.delete(day);
    this.#bytes -= hot.bytes;
  }
}
