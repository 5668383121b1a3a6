/** Bytes of JSON in all; in memory, with its text, an answer takes about four times as much. */
const MAX_BYTES = 24 * 1024 * 1024;

/** What an answer takes beside its rows. */
const LEAST_BYTES = 1024;

interface Entry {
  bytes: number;
  answer: Promise<unknown>;
  /** Unix ms. */
  askedAt: number;
}

/**
 * Answers of one revision of the served numbers, the longest unused ones dropped first. Askers of the same thing at
 * the same time share one computation; a failed one is forgotten.
 */
export class AnswerCache {
  #revision = -1;
  #bytes = 0;
  readonly #answers = new Map<string, Entry>();

  /** The answer to a question of which `key` tells all, computed once. */
  get<Answer extends { bytes: number }>(
    revision: number,
    key: string,
    compute: () => Promise<Answer>,
  ): Promise<Answer> {
    if (revision !== this.#revision) {
      this.#answers.clear();
      this.#bytes = 0;
      this.#revision = revision;
    }
    const known = this.#answers.get(key);
    if (known) {
      // Re-inserting moves it to the young end of the map.
      this.#answers.delete(key);
      this.#answers.set(key, known);
      known.askedAt = Date.now();
      return known.answer as Promise<Answer>;
    }
    const answer = compute();
    const entry: Entry = {
      bytes: LEAST_BYTES + 2 * key.length,
      answer,
      askedAt: Date.now(),
    };
    this.#answers.set(key, entry);
    this.#bytes += entry.bytes;
    answer.then(
      ({ bytes }) => this.#weigh(key, entry, bytes),
      () => this.#forget(key, entry),
    );
    return answer;
  }

  /** Drops what nobody asked for since a time, Unix ms. */
  dropUnused(since: number): void {
    for (const [oldest, { askedAt, bytes }] of this.#answers) {
      if (askedAt >= since) break;
      this.#answers.delete(oldest);
      this.#bytes -= bytes;
    }
  }

  #weigh(key: string, entry: Entry, bytes: number): void {
    if (this.#answers.get(key) !== entry) return;
    entry.bytes += bytes;
    this.#bytes += bytes;
    for (const [oldest, other] of this.#answers) {
      if (this.#bytes <= MAX_BYTES) break;
      this.#answers.delete(oldest);
      this.#bytes -= other.bytes;
    }
  }

  #forget(key: string, entry: Entry): void {
    if (this.#answers.get(key) !== entry) return;
    this.#answers.delete(key);
    this.#bytes -= entry.bytes;
  }
}
