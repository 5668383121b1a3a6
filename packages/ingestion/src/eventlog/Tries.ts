import { addCounts, IngestCounts, noCounts } from '../counts';
import { KeyInUseError } from '../EventBus';
import { IngestStreamError } from '../stream/ingestStream';

/** So many are remembered, the last ones. */
const MAX_TRIES = 1_000;

function sumOf(...all: IngestCounts[]): IngestCounts {
  const sum = noCounts();
  for (const counts of all) addCounts(sum, counts);
  return sum;
}

/** What the log took of bodies that have a key, so that one that is brought again is counted once. */
export class Tries {
  readonly #taken = new Map<string, IngestCounts>();
  readonly #running = new Set<string>();

  /**
   * Takes a body but for the messages that earlier tries brought, and answers the counts of all tries.
   *
   * @param key - without one it is a body of its own
   * @param take - takes it without so many messages at its beginning
   * @throws KeyInUseError while the same key is taken, and what `take` throws
   */
  async take(
    key: string | undefined,
    take: (skip: number) => Promise<IngestCounts>,
  ): Promise<IngestCounts & { resumed?: number }> {
    if (key === undefined) return take(0);
    if (this.#running.has(key)) {
      throw new KeyInUseError();
    }
    this.#running.add(key);
    const earlier = this.#taken.get(key) ?? noCounts();
    try {
      const counts = sumOf(earlier, await take(earlier.read));
      this.#remember(key, counts);
      return {
        ...counts,
        ...(earlier.read > 0 && { resumed: earlier.read }),
      };
    } catch (error) {
      if (error instanceof IngestStreamError) {
        this.#remember(key, sumOf(earlier, error.beginning));
      }
      throw error;
    } finally {
      this.#running.delete(key);
    }
  }

  #remember(key: string, taken: IngestCounts): void {
    this.#taken.delete(key);
    this.#taken.set(key, taken);
    for (const oldest of this.#taken.keys()) {
      if (this.#taken.size <= MAX_TRIES) return;
      this.#taken.delete(oldest);
    }
  }
}
