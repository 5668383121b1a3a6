import { Database } from '../database';
import { interrupted, Publications } from '../publications';
import { finishPublication } from '../publish';
import { PublishedState, readPublishedState } from '../servedState';

/** Of tables that this process alone writes: what it published last is what is served. */
export class OwnPublications implements Publications {
  readonly #database: Database;
  #state: PublishedState;
  #settled: Promise<void> = Promise.resolve();

  private constructor(database: Database, state: PublishedState) {
    this.#database = database;
    this.#state = state;
  }

  /** Ends a publication that a crash interrupted. */
  static async open(database: Database): Promise<OwnPublications> {
    return new OwnPublications(database, await finishPublication(database));
  }

  async current(): Promise<PublishedState> {
    await this.#settled;
    if (this.#state.plan) throw interrupted();
    return this.#state;
  }

  async publish(
    publication: () => Promise<PublishedState>,
  ): Promise<PublishedState> {
    const done = publication();
    const settled = done
      .catch(() => readPublishedState(this.#database))
      .then(state => {
        this.#state = state;
      });
    this.#settled = settled.catch(() => {});
    await settled;
    return done;
  }

  settled(): Promise<void> {
    return this.#settled;
  }
}
