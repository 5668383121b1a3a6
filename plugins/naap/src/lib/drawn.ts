import { extentOf } from './extent';

/** Under so many points there is no line: a few say nothing about how it went. */
export const LEAST_POINTS = 6;

/** A point of a series: null where there is no evidence. */
interface Point {
  value: number | null;
  /** It is of the hour or day that is not over. */
  running: boolean;
}

/** Whether the whole steps of a series are enough for a line. */
export function hasLine(points: readonly Point[]): boolean {
  const known = points.filter(
    ({ value, running }) => value !== null && !running,
  );
  return known.length >= LEAST_POINTS;
}

/**
 * The axis of a drawing of values: at least ± 10 % around the target, or else around their median, so that noise does
 * not look like a change. Null without a value.
 */
export function axisOf(
  values: readonly number[],
  target: number | null,
): [low: number, high: number] | null {
  if (values.length === 0) {
    return null;
  }
  const sorted = [...values].sort((a, b) => a - b);
  const middle = target ?? sorted[Math.floor(sorted.length / 2)];
  const { low, high } = extentOf([...values, middle * 0.9, middle * 1.1]);
  // Only zeros have no room around them.
  return high > low ? [low, high] : [low, low + 1];
}
