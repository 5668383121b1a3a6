import { shareOf } from './schedule';
import type { ScrapeErrorClass } from '@naap/events';

/** A dead target is asked at least every so many rounds. */
const MAX_SKIPPED = 15;

interface Dead {
  failures: number;
  /** Rounds in which it is still left alone. */
  skip: number;
  errorClass: ScrapeErrorClass | null;
}

/** Leaves the dead alone for longer and longer: 0, 1, 3, 7, then 15 rounds, up to half of them less. */
export class Backoff {
  readonly #dead = new Map<string, Dead>();

  /** Why the target is not asked in this round; undefined: ask it. Call it once a round. */
  skip(key: string): Pick<Dead, 'errorClass'> | undefined {
    const dead = this.#dead.get(key);
    if (!dead || dead.skip === 0) return undefined;
    dead.skip -= 1;
    return dead;
  }

  answered(key: string): void {
    this.#dead.delete(key);
  }

  failed(key: string, errorClass: ScrapeErrorClass | null): void {
    const failures = (this.#dead.get(key)?.failures ?? 0) + 1;
    const longest = Math.min(2 ** (failures - 1) - 1, MAX_SKIPPED);
    const jitter = shareOf(`${failures} ${key}`) / 2;
    const skip = Math.round(longest * (1 - jitter));
    this.#dead.set(key, { failures, skip, errorClass });
  }

  /** Forgets all but these. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of this.#dead.keys()) {
      if (!keys.has(key)) this.#dead.delete(key);
    }
  }
}
