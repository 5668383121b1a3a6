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

/** The dimensions of a row by name; an hour comes in unix seconds and goes out as a time. */
export function dimensionsOf<Dimension extends string>(
  by: Dimension[],
  keys: Array<string | number | null>,
): Partial<Record<Dimension, string | null>> {
  return Object.fromEntries(
    by.map((name, i) => [
      name,
      name === 'hour' ? isoTime(Number(keys[i]) * 1000) : keys[i],
    ]),
  ) as Partial<Record<Dimension, string | null>>;
}

/** In the order of ClickHouse: texts by their bytes, null last. */
export function compareKeys(
  a: Array<string | number | null>,
  b: Array<string | number | null>,
): number {
  for (const [i, left] of a.entries()) {
    const right = b[i];
    if (left === right) continue;
    if (left === null) return 1;
    if (right === null) return -1;
    if (typeof left === 'number') return left - Number(right);
    return Buffer.compare(Buffer.from(left), Buffer.from(String(right)));
  }
  return 0;
}
