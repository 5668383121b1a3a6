import type { Exclusive, Held } from '../exclusive/Exclusive';

/** Rights within one process. */
export class MemoryExclusive implements Exclusive {
  readonly #holders = new Map<string, object>();

  async hold(name: string): Promise<Held | null> {
    if (this.#holders.has(name)) return null;
    const holder = {};
    this.#holders.set(name, holder);
    return {
      release: async () => {
        if (this.#holders.get(name) === holder) this.#holders.delete(name);
      },
    };
  }

  async heldBy(name: string): Promise<string | null> {
    return this.#holders.has(name) ? 'this test' : null;
  }
}
