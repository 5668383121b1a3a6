import {
  Binary,
  Data,
  Int32,
  Int64,
  makeData,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow';

export const UTC_MILLIS = new TimestampMillisecond('UTC');
const TWO_TO_32 = 2 ** 32;

/** Which rows hold a value, one bit each; Arrow leaves it out if all do. */
class Validity {
  #nulls: number[] = [];

  markNull(row: number): void {
    this.#nulls.push(row);
  }

  get nullCount(): number {
    return this.#nulls.length;
  }

  bitmap(rows: number): Uint8Array | null {
    if (this.#nulls.length === 0) return null;
    const bits = new Uint8Array((rows + 7) >> 3).fill(0xff);
    for (const row of this.#nulls) bits[row >> 3] &= ~(1 << (row & 7));
    return bits;
  }
}

// The columns below are made from whole buffers, as the builders of Arrow cost
// more per row than classifying does.

/** Texts; empty ones are null. */
export class TextColumn {
  #texts: string[] = [];
  #validity = new Validity();

  push(text: string | null): void {
    if (text === null || text === '') {
      this.#validity.markNull(this.#texts.length);
      this.#texts.push('');
    } else {
      this.#texts.push(text);
    }
  }

  toData(): Data<Utf8> {
    const texts = this.#texts;
    const all = texts.join('');
    let bytes = Buffer.from(all, 'utf8');
    const valueOffsets = new Int32Array(texts.length + 1);
    if (bytes.length === all.length) {
      for (let row = 0; row < texts.length; row++) {
        valueOffsets[row + 1] = valueOffsets[row] + texts[row].length;
      }
    } else {
      // One by one: joined, halves of surrogate pairs of two rows would match.
      const encoded = texts.map(text => Buffer.from(text, 'utf8'));
      for (let row = 0; row < texts.length; row++) {
        valueOffsets[row + 1] = valueOffsets[row] + encoded[row].length;
      }
      bytes = Buffer.concat(encoded);
    }
    return makeData({
      type: new Utf8(),
      length: texts.length,
      nullCount: this.#validity.nullCount,
      nullBitmap: this.#validity.bitmap(texts.length),
      valueOffsets,
      data: bytes,
    });
  }
}

/** The same text, not empty, in every row. */
export function repeatedText(text: string, rows: number): Data<Utf8> {
  const length = Buffer.byteLength(text);
  return makeData({
    type: new Utf8(),
    length: rows,
    nullCount: 0,
    valueOffsets: Int32Array.from({ length: rows + 1 }, (_, i) => i * length),
    data: Buffer.alloc(length * rows, text),
  });
}

/** Bytes, copied from where they stand as they are added. */
export class BytesColumn {
  #bytes: Buffer;
  #ends: number[] = [];
  #length = 0;
  #validity = new Validity();

  /** @param expected - how many bytes there will be, more or less */
  constructor(private readonly type: Binary | Utf8, expected: number) {
    this.#bytes = Buffer.allocUnsafeSlow(expected);
  }

  pushNull(): void {
    this.#validity.markNull(this.#ends.length);
    this.#ends.push(this.#length);
  }

  push(bytes: Buffer): void {
    this.#copy(bytes, 0, bytes.length);
    this.#ends.push(this.#length);
  }

  pushRange(bytes: Buffer, start: number, end: number): void {
    this.#copy(bytes, start, end);
    this.#ends.push(this.#length);
  }

  /** Adds `bytes` without what is from `start` to `end`. */
  pushWithout(bytes: Buffer, start: number, end: number): void {
    this.#copy(bytes, 0, start);
    this.#copy(bytes, end, bytes.length);
    this.#ends.push(this.#length);
  }

  toData(): Data<Binary> | Data<Utf8> {
    const rows = this.#ends.length;
    const valueOffsets = new Int32Array(rows + 1);
    valueOffsets.set(this.#ends, 1);
    const parts = {
      length: rows,
      nullCount: this.#validity.nullCount,
      nullBitmap: this.#validity.bitmap(rows),
      valueOffsets,
      data: this.#bytes.subarray(0, this.#length),
    };
    const { type } = this;
    return type instanceof Utf8
      ? makeData({ type, ...parts })
      : makeData({ type, ...parts });
  }

  #copy(bytes: Buffer, start: number, end: number): void {
    const length = this.#length + end - start;
    if (length > this.#bytes.length) {
      const capacity = Math.max(length, 2 * this.#bytes.length);
      const grown = Buffer.allocUnsafeSlow(capacity);
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    bytes.copy(this.#bytes, this.#length, start, end);
    this.#length = length;
  }
}

/** Whole numbers below 2^53 in 64 bits, without a BigInt for each. */
function toLongs(values: ArrayLike<number>): BigInt64Array {
  const halves = new Uint32Array(2 * values.length);
  for (let row = 0; row < values.length; row++) {
    halves[2 * row] = values[row];
    halves[2 * row + 1] = Math.floor(values[row] / TWO_TO_32);
  }
  return new BigInt64Array(halves.buffer);
}

/** Whole numbers from 0 to 2^53: times in unix ms, lengths. */
export class LongColumn {
  #values: number[] = [];
  #validity = new Validity();

  constructor(private readonly type: Int64 | TimestampMillisecond) {}

  push(value: number | null): void {
    if (value === null) this.#validity.markNull(this.#values.length);
    this.#values.push(value ?? 0);
  }

  toData(): Data<Int64> | Data<TimestampMillisecond> {
    const rows = this.#values.length;
    const parts = {
      length: rows,
      nullCount: this.#validity.nullCount,
      nullBitmap: this.#validity.bitmap(rows),
      data: toLongs(this.#values),
    };
    const { type } = this;
    return type instanceof Int64
      ? makeData({ type, ...parts })
      : makeData({ type, ...parts });
  }
}

/** The same time, unix ms, in every row. */
export function repeatedTime(
  time: number,
  rows: number,
): Data<TimestampMillisecond> {
  return makeData({
    type: UTC_MILLIS,
    length: rows,
    nullCount: 0,
    data: new BigInt64Array(rows).fill(BigInt(time)),
  });
}

/** The same number in every row. */
export function repeatedInt(value: number, rows: number): Data<Int32> {
  return makeData({
    type: new Int32(),
    length: rows,
    nullCount: 0,
    data: new Int32Array(rows).fill(value),
  });
}

/** Whole numbers from `first` on. */
export function consecutive(first: number, rows: number): Data<Int64> {
  return makeData({
    type: new Int64(),
    length: rows,
    nullCount: 0,
    data: toLongs(Array.from({ length: rows }, (_, row) => first + row)),
  });
}

/** Offsets of 64 bits. */
export class OffsetColumn {
  #values: bigint[] = [];
  #validity = new Validity();

  push(value: bigint | null): void {
    if (value === null) this.#validity.markNull(this.#values.length);
    this.#values.push(value ?? 0n);
  }

  toData(): Data<Int64> {
    const rows = this.#values.length;
    return makeData({
      type: new Int64(),
      length: rows,
      nullCount: this.#validity.nullCount,
      nullBitmap: this.#validity.bitmap(rows),
      data: BigInt64Array.from(this.#values),
    });
  }
}

export class IntColumn {
  #values: number[] = [];
  #validity = new Validity();

  push(value: number | null): void {
    if (value === null) this.#validity.markNull(this.#values.length);
    this.#values.push(value ?? 0);
  }

  toData(): Data<Int32> {
    return makeData({
      type: new Int32(),
      length: this.#values.length,
      nullCount: this.#validity.nullCount,
      nullBitmap: this.#validity.bitmap(this.#values.length),
      data: Int32Array.from(this.#values),
    });
  }
}
