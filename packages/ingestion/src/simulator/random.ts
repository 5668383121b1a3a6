const HEX = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

/** Eight hex digits of a 32-bit word. */
function hexWord(word: number): string {
  return (
    HEX[word >>> 24] +
    HEX[(word >>> 16) & 255] +
    HEX[(word >>> 8) & 255] +
    HEX[word & 255]
  );
}

/**
 * A seeded stream of random values (sfc32). The four words of the seed are its
 * whole state, so two streams with different words can't fall together, however
 * many there are: ids drawn from them don't collide more than random ones do.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  constructor(first: number, second: number, third: number, fourth: number) {
    this.a = first | 0;
    this.b = second | 0;
    this.c = third | 0;
    this.counter = fourth | 0;
    for (let round = 0; round < 15; round++) this.word();
  }

  /** A whole number in [0, 2^32). */
  word(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** A number in [0, 1). */
  unit(): number {
    return this.word() / 4294967296;
  }

  /** A number in [low, high). */
  between(low: number, high: number): number {
    return low + this.unit() * (high - low);
  }

  /** A whole number in [low, high]. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** Roughly normal with mean 0 and deviation 1, never beyond ±3. */
  normal(): number {
    return (this.unit() + this.unit() + this.unit() - 1.5) * 2;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.unit() * items.length)];
  }

  /** Eight hex digits: a request id, a manifest id. */
  hex8(): string {
    return hexWord(this.word());
  }

  /** A version 4 UUID. */
  uuid(): string {
    const second = this.word();
    const third = this.word();
    return `${hexWord(this.word())}-${HEX[second >>> 24]}${
      HEX[(second >>> 16) & 255]
    }-4${HEX[(second >>> 8) & 255][1]}${HEX[second & 255]}-${
      HEX[((third >>> 24) & 63) | 128]
    }${HEX[(third >>> 16) & 255]}-${HEX[(third >>> 8) & 255]}${
      HEX[third & 255]
    }${hexWord(this.word())}`;
  }

  /** An address in mixed case, as checksummed addresses look. */
  address(): string {
    let digits = '';
    while (digits.length < 40) digits += this.hex8();
    const mixed = Array.from(digits, digit =>
      this.chance(0.5) ? digit.toUpperCase() : digit,
    );
    return `0x${mixed.join('')}`;
  }
}
