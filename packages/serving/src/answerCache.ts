/** About 1.5 kB each: some 30 MB in all. */
const MAX_ROWS = 20_000;

/**
 * Answers of one revision of the served numbers, the longest unused ones dropped first. Askers of the same thing at
 * the same time share one computation; a failed one is forgotten.
 */
export class AnswerCache {
  #revision = -1;
  #rows = 0;
  readonly #answers = new Map<
    string,
    { rows: number; answer: Promise<unknown[]>; askedAt: number }
  >();

  /** @param weigh - how many rows an answer holds, where it is not a list of them */
  get<Row>(
    revision: number,
    key: string,
    compute: () => Promise<Row[]>,
    weigh: (rows: Row[]) => number = rows => rows.length,
  ): Promise<Row[]> {
    if (revision !== this.#revision) {
      this.#answers.clear();
      this.#rows = 0;
      this.#revision = revision;
    }
    const known = this.#answers.get(key);
    if (known) {
      // Re-inserting moves it to the young end of the map.
      this.#answers.delete(key);
      this.#answers.set(key, known);
      known.askedAt = Date.now();
      return known.answer as Promise<Row[]>;
    }
    const entry = {
      rows: 1,
      answer: compute() as Promise<unknown[]>,
      askedAt: Date.now(),
    };
    this.#answers.set(key, entry);
    this.#rows += entry.rows;
    entry.answer.then(
      rows => this.#weigh(key, entry, weigh(rows as Row[])),
      () => this.#forget(key, entry),
    );
    return entry.answer as Promise<Row[]>;
  }

  /** Drops what nobody asked for since a time, Unix ms. */
  dropUnused(since: number): void {
    for (const [oldest, { askedAt, rows }] of this.#answers) {
      if (askedAt >= since) break;
      this.#answers.delete(oldest);
      this.#rows -= rows;
    }
  }

  #weigh(key: string, entry: { rows: number }, length: number): void {
    if (this.#answers.get(key) !== entry) return;
    entry.rows += length;
    this.#rows += length;
    for (const [oldest, { rows }] of this.#answers) {
      if (this.#rows <= MAX_ROWS) break;
      this.#answers.delete(oldest);
      this.#rows -= rows;
    }
  }

  #forget(key: string, entry: { rows: number }): void {
    if (this.#answers.get(key) !== entry) return;
    this.#answers.delete(key);
    this.#rows -= entry.rows;
  }
}
