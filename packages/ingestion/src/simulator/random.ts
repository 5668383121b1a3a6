const HEX = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

const DIGITS = Buffer.from('0123456789abcdef');

/** Every uuid is written here: one flat string costs less than a chain of sixteen. */
const UUID = Buffer.alloc(36, '-');

function writeHex(at: number, word: number, digits = 8): void {
  for (let digit = 0; digit < digits; digit++) {
    UUID[at + digit] = DIGITS[(word >>> (4 * (digits - 1 - digit))) & 15];
  }
}

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
    const versioned = (this.word() & 0xffff0fff) | 0x00004000;
    const variant = (this.word() & 0x3fffffff) | 0x80000000;
    writeHex(0, this.word());
    writeHex(9, versioned >>> 16, 4);
    writeHex(14, versioned, 4);
    writeHex(19, variant >>> 16, 4);
    writeHex(24, variant, 4);
    writeHex(28, this.word());
    return UUID.toString('latin1');
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
