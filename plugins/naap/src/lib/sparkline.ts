import { KpiDefinition, KpiRow } from '@naap/plugin-naap-common';
import { axisOf, hasLine } from './drawn';
import { SeriesPoint } from './series';

/** A point of a trend: null where there is no evidence. */
export interface TrendPoint {
  /** ISO 8601 UTC start of the step. */
  at: string;
  value: number | null;
  /** It is of the hour or day that is not over. */
  running: boolean;
}

/** One KPI of a series: the points of its trend, of which the sparkline is the small picture. */
export function trendPoints(
  definition: KpiDefinition,
  points: ReadonlyArray<SeriesPoint<KpiRow>>,
): TrendPoint[] {
  return points.map(({ at, row, running }) => ({
    at,
    value: row && definition.read(row).graded,
    running,
  }));
}

export interface SparklineShape {
  /** SVG path data of the line; gaps stay gaps. */
  path: string;
  /** SVG path data from the last whole step to the running one. */
  dashed: string;
  /** SVG path data of the points that no line reaches: lines without length, which round caps make dots. */
  dots: string;
  /** The newest whole step with a value. */
  last: { x: number; y: number } | null;
}

/** Draws a trend into a box of `width` by `height`, lowest value at the bottom. */
export function sparklineShape(
  points: ReadonlyArray<Pick<TrendPoint, 'value' | 'running'>>,
  target: number | null,
  width: number,
  height: number,
): SparklineShape {
  const known = points.flatMap(({ value }) => value ?? []);
  const [low, high] = axisOf(known, target) ?? [0, 1];
  const x = (index: number) =>
    round(points.length > 1 ? (index / (points.length - 1)) * width : width);
  const y = (value: number) =>
    round(height - ((value - low) / (high - low)) * height);
  const withLine = hasLine(points);
  const has = (index: number) => (points[index]?.value ?? null) !== null;

  const shape: SparklineShape = { path: '', dashed: '', dots: '', last: null };
  points.forEach(({ value, running }, index) => {
    if (value === null) {
      return;
    }
    const at = { x: x(index), y: y(value) };
    const joined = withLine && has(index - 1);
    if (running) {
      const before = points[index - 1]?.value;
      shape.dashed =
        joined && typeof before === 'number'
          ? `M${x(index - 1)} ${y(before)}L${at.x} ${at.y}`
          : '';
      return;
    }
    if (joined || (withLine && has(index + 1) && !points[index + 1].running)) {
      shape.path += `${joined ? 'L' : 'M'}${at.x} ${at.y}`;
    } else {
      shape.dots += `M${at.x} ${at.y}h0`;
    }
    shape.last = at;
  });
  return shape;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
