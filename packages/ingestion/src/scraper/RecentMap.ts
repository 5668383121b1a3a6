/** A tenth more than asked for is let in, so that room is made for many at once. */
const SLACK = 1.1;

/** A map of about so many entries at most: those that were set longest ago make room. */
export class RecentMap<V> extends Map<string, V> {
  constructor(
    private readonly most: number,
    entries: Iterable<readonly [string, V]> = [],
  ) {
    super();
    for (const [key, value] of entries) this.set(key, value);
  }

  override set(key: string, value: V): this {
    this.delete(key);
    super.set(key, value);
    if (this.size > this.most * SLACK) {
      for (const oldest of this.keys()) {
        if (this.size <= this.most) break;
        this.delete(oldest);
      }
    }
    return this;
  }
}
