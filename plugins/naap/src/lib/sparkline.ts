import { extentOf } from './extent';

/** A point of a trend: null where there is no evidence. */
export interface TrendPoint {
  /** ISO 8601 UTC start of the hour. */
  hour: string;
  value: number | null;
}

export interface SparklineShape {
  /** SVG path data of the line; gaps stay gaps. */
  path: string;
  /** SVG path data of the points between two gaps: lines without length, which round caps make dots. */
  dots: string;
  /** The newest point with a value. */
  last: { x: number; y: number } | null;
}

/** Draws a trend into a box of `width` by `height`, lowest value at the bottom. */
export function sparklineShape(
  values: ReadonlyArray<number | null>,
  width: number,
  height: number,
): SparklineShape {
  const known = values.filter((value): value is number => value !== null);
  const { low, high } = extentOf(known);
  const span = high - low;
  const x = (index: number) =>
    round(values.length > 1 ? (index / (values.length - 1)) * width : width);
  const y = (value: number) =>
    round(span > 0 ? height - ((value - low) / span) * height : height / 2);

  let path = '';
  let dots = '';
  let last: SparklineShape['last'] = null;
  values.forEach((value, index) => {
    if (value === null) {
      return;
    }
    last = { x: x(index), y: y(value) };
    const joined = index > 0 && values[index - 1] !== null;
    if (joined || (values[index + 1] ?? null) !== null) {
      path += `${joined ? 'L' : 'M'}${last.x} ${last.y}`;
    } else {
      dots += `M${last.x} ${last.y}h0`;
    }
  });
  return { path, dots, last };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
