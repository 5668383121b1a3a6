import { setTimeout as delay } from 'timers/promises';
import { Database } from '../database';
import { interrupted, Publications } from '../publications';
import { PublishedState, readPublishedState } from '../servedState';

/** How long an answer waits for another process that publishes, and how often it looks. */
const PATIENCE_MS = 5_000;
const POLL_MS = 25;

/** Of tables that other processes may write too: what was read a moment ago may be old. */
export class SharedPublications implements Publications {
  readonly #database: Database;
  #settled: Promise<void> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  async current(): Promise<PublishedState> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      await this.#settled;
      const state = await readPublishedState(this.#database);
      if (!state.plan) return state;
      if (performance.now() > deadline) throw interrupted();
      await delay(POLL_MS);
    }
  }

  publish(publication: () => Promise<PublishedState>): Promise<PublishedState> {
    const done = publication();
    this.#settled = done.then(
      () => {},
      () => {},
    );
    return done;
  }

  settled(): Promise<void> {
    return this.#settled;
  }
}
