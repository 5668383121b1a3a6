/** A map of at most so many entries: the one that was set longest ago makes room. */
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
    if (this.size > this.most) this.delete(this.keys().next().value!);
    return this;
  }
}
