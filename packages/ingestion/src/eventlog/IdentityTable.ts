import { randomInt } from 'node:crypto';
import { FINGERPRINT_INTS } from './fingerprint';

const SMALLEST_CAPACITY = 16;
/** Against ids that are made to fall into the same slots. */
const SEED = randomInt(2 ** 32 - 1) | 0;

export type Likeness = 'unknown' | 'identical' | 'different';

function slotOf(entry: Int32Array, at: number, mask: number): number {
  let h = Math.imul(entry[at] ^ SEED, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15) ^ entry[at + 1], 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ entry[at + 2], 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16) ^ entry[at + 3], 0x27d4eb2f);
  return (h ^ (h >>> 15)) & mask;
}

/** A set of fingerprints by id, in one typed array with open addressing. */
export class IdentityTable {
  #slots: Int32Array;
  #mask: number;
  #size = 0;

  constructor(expected = 0) {
    let capacity = SMALLEST_CAPACITY;
    while (capacity * 0.7 < expected) capacity *= 2;
    this.#slots = new Int32Array(capacity * FINGERPRINT_INTS);
    this.#mask = capacity - 1;
  }

  get byteLength(): number {
    return this.#slots.byteLength;
  }

  /** How many fingerprints it has. */
  get size(): number {
    return this.#size;
  }

  /** All its fingerprints, one after the other, in no order. */
  toList(): Int32Array {
    const list = new Int32Array(this.#size * FINGERPRINT_INTS);
    let length = 0;
    const slots = this.#slots;
    for (let at = 0; at < slots.length; at += FINGERPRINT_INTS) {
      if (slots[at + 4] === 0) continue;
      for (let i = 0; i < FINGERPRINT_INTS; i++) list[length++] = slots[at + i];
    }
    return list;
  }

  /** How the fingerprint at `at` compares to the one here of the same id. */
  find(entry: Int32Array, at = 0): Likeness {
    const slot = this.#locate(entry, at);
    const slots = this.#slots;
    if (slots[slot + 4] === 0) return 'unknown';
    return slots[slot + 4] === entry[at + 4] &&
      slots[slot + 5] === entry[at + 5]
      ? 'identical'
      : 'different';
  }

  /** Adds the fingerprint at `at`, unless its id is here already. */
  add(entry: Int32Array, at = 0): void {
    if (this.#size > (this.#mask + 1) * 0.7) this.#grow();
    const slot = this.#locate(entry, at);
    if (this.#slots[slot + 4] !== 0) return;
    for (let i = 0; i < FINGERPRINT_INTS; i++) {
      this.#slots[slot + i] = entry[at + i];
    }
    this.#size++;
  }

  #locate(entry: Int32Array, at: number): number {
    const slots = this.#slots;
    let index = slotOf(entry, at, this.#mask);
    for (;;) {
      const slot = index * FINGERPRINT_INTS;
      if (
        slots[slot + 4] === 0 ||
        (slots[slot] === entry[at] &&
          slots[slot + 1] === entry[at + 1] &&
          slots[slot + 2] === entry[at + 2] &&
          slots[slot + 3] === entry[at + 3])
      ) {
        return slot;
      }
      index = (index + 1) & this.#mask;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = this.#slots.length / FINGERPRINT_INTS - 1;
    this.#size = 0;
    for (let at = 0; at < old.length; at += FINGERPRINT_INTS) {
      if (old[at + 4] !== 0) this.add(old, at);
    }
  }
}
