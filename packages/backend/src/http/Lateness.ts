const TICK_MS = 20;

/** How late the event loop is: what a request that comes now has waited before anybody looked at it. */
export class Lateness {
  readonly #timer: NodeJS.Timeout;
  #tickedAt = performance.now();
  #last = 0;

  constructor() {
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#last = now - this.#tickedAt - TICK_MS;
      this.#tickedAt = now;
    }, TICK_MS).unref();
  }

  /** Milliseconds: of the last tick, or of the one that is due. */
  ms(): number {
    const due = performance.now() - this.#tickedAt - TICK_MS;
    return Math.max(0, this.#last, due);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
