import { Key } from './cursor';
import { InvalidQueryError } from './errors';
import { isoTime } from './window';

/**
 * Checks what an answer is to be grouped by.
 * @throws InvalidQueryError for a dimension that there is not, or that is listed twice
 */
export function checkDimensions(by: string[], known: readonly string[]): void {
  for (const dimension of by) {
    if (!known.includes(dimension)) {
      throw new InvalidQueryError(
        `There is no dimension ${JSON.stringify(
          dimension,
        )}; there are ${known.join(', ')}`,
      );
    }
  }
  if (new Set(by).size < by.length) {
    throw new InvalidQueryError(`by lists a dimension twice: ${by.join(', ')}`);
  }
}

/** Whether a dimension is a time of day: it comes in unix seconds and goes out as ISO 8601. */
export const isTimeDimension = (name: string) =>
  name === 'hour' || name === 'slot';

/** The expression that selects a dimension. */
export const selectedDimension = (name: string) =>
  isTimeDimension(name) ? `toUnixTimestamp(${name})` : name;

/** The dimensions of a row by name. */
export function dimensionsOf<Dimension extends string>(
  by: Dimension[],
  keys: Key,
): Partial<Record<Dimension, string | null>> {
  return Object.fromEntries(
    by.map((name, i) => [
      name,
      isTimeDimension(name) ? isoTime(Number(keys[i]) * 1000) : keys[i],
    ]),
  ) as Partial<Record<Dimension, string | null>>;
}

/** What a unit of UTF-16 counts as among characters: halves of pairs stand for what comes after all others. */
const rank = (unit: number) => {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
};

/** In the order of their bytes in UTF-8. */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** What `dimensionsOf` made a row's dimensions of. */
export function keysOf<Dimension extends string>(
  by: Dimension[],
  row: Partial<Record<Dimension, string | null>>,
): Key {
  return by.map(name => {
    const value = row[name] ?? null;
    return isTimeDimension(name) && value !== null
      ? Date.parse(value) / 1000
      : value;
  });
}

/** In the order of ClickHouse: texts by their bytes, null last. */
export function compareKeys(a: Key, b: Key): number {
  for (const [i, left] of a.entries()) {
    const right = b[i];
    if (left === right) continue;
    if (left === null) return 1;
    if (right === null) return -1;
    if (typeof left === 'number') return left - Number(right);
    return compareTexts(left, String(right));
  }
  return 0;
}
