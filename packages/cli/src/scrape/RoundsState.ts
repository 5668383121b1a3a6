import type { Service } from '../serveState';

/** So many rounds may be lost in a row before something is wrong with more than a round. */
const PATIENT_ROUNDS = 3;

/** How it is with rounds, of which one is due every interval. */
export class RoundsState implements Service {
  #count = 0;
  #last: number | null = null;
  readonly #begun = Date.now();

  constructor(private readonly intervalMs: number) {}

  /** A round is where it should be; `start` in unix ms. */
  published(start: number): void {
    this.#count += 1;
    this.#last = start;
  }

  get state() {
    const since = Date.now() - (this.#last ?? this.#begun);
    return {
      /** One of the last rounds was published, or there was no time for them yet. */
      isAlive: since < (PATIENT_ROUNDS + 1) * this.intervalMs,
      /** Rounds that were published. */
      rounds: this.#count,
      lastRound:
        this.#last === null ? null : new Date(this.#last).toISOString(),
    };
  }
}
