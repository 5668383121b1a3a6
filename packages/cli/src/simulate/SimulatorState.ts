import type { Service } from '../serveState';

/** How far a simulated network is. */
export class SimulatorState implements Service {
  #published = 0;
  #until: number | null = null;

  /** @param until - unix ms */
  taken(messages: number, until: number): void {
    this.#published += messages;
    this.#until = until;
  }

  get state() {
    return {
      // While nobody takes what it sends it tries again, for as long as that is.
      isAlive: true,
      published: this.#published,
      until: this.#until === null ? null : new Date(this.#until).toISOString(),
    };
  }
}
