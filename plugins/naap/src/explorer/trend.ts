import { KpiDefinition, KpiRow } from '@naap/plugin-naap-common';
import { formatInterval, formatMid, formatValue } from '../lib/format';
import { axisOf } from '../lib/drawn';
import {
  formatStep,
  formatSteps,
  Grain,
  grainName,
  SeriesPoint,
} from '../lib/series';

/** One step of a trend, as it is drawn. */
export interface TrendStep {
  at: string;
  value: number | null;
  /** 95 % interval, of rates. */
  band: [number, number] | null;
  p95: number | null;
  n: number;
  provisional: boolean;
  /** It is not over. */
  running: boolean;
  /** Why there is no value. */
  absence: string | null;
}

/** Steps of one KPI. A step without a row is a gap with n 0. */
export function trendOf(
  definition: KpiDefinition,
  points: ReadonlyArray<SeriesPoint<KpiRow>>,
): TrendStep[] {
  return points.map(({ at, row, provisional, running }) => {
    const reading = row && definition.read(row);
    return {
      at,
      value: reading?.graded ?? null,
      band: reading?.interval
        ? [reading.interval.low, reading.interval.high]
        : null,
      p95: reading?.percentiles?.p95 ?? null,
      n: reading?.n ?? 0,
      provisional,
      running,
      absence: reading ? reading.absence : 'No request',
    };
  });
}

/** What the line is: the number that is graded. */
export function lineName(definition: KpiDefinition): string {
  return definition.unit === 'fraction' && definition.id !== 'cue'
    ? 'rate'
    : 'mean';
}

/** The interval or the p95 of a step, in words. */
export function spreadText(definition: KpiDefinition, step: TrendStep): string {
  if (step.band) {
    const [low, high] = step.band;
    return formatInterval({ low, high }, definition.unit);
  }
  return step.p95 === null ? '' : `p95 ${formatMid(step.p95, definition.unit)}`;
}

/** All that the chart shows, in one sentence. */
export function describeTrend(
  definition: KpiDefinition,
  steps: readonly TrendStep[],
  grain: Grain,
): string {
  const known = steps.filter(
    (step): step is TrendStep & { value: number } => step.value !== null,
  );
  const head = `${definition.name} by ${grainName(grain)}`;
  if (known.length === 0) {
    return `${head}: no data`;
  }
  const text = ({ at, value }: { at: string; value: number }) =>
    `${formatValue(value, definition.unit)} at ${formatStep(at, grain)}`;
  const sorted = [...known].sort((a, b) => a.value - b.value);
  const provisional = steps.filter(step => step.provisional).length;
  return [
    `${head}, ${known.length} of ${formatSteps(steps.length, grain)} with data`,
    `lowest ${text(sorted[0])}`,
    `highest ${text(sorted[sorted.length - 1])}`,
    `newest ${text(known[known.length - 1])}`,
    `${provisional} provisional`,
  ].join(', ');
}

/** The steps as two lines: one of whole steps, and one from the last of these to the running one. */
export interface LinedStep extends TrendStep {
  whole: number | null;
  tail: number | null;
}

export function linedSteps(steps: readonly TrendStep[]): LinedStep[] {
  return steps.map((step, index) => ({
    ...step,
    whole: step.running ? null : step.value,
    tail: step.running || steps[index + 1]?.running ? step.value : null,
  }));
}

/** The axis of all that is drawn of a trend. */
export function trendAxis(
  steps: readonly TrendStep[],
  target: number | null,
): [number, number] | undefined {
  const withBand = steps.some(step => step.band);
  const drawn = steps.flatMap(({ value, band, p95 }) =>
    [value, ...(band ?? []), withBand ? null : p95].flatMap(of => of ?? []),
  );
  return axisOf(drawn, target) ?? undefined;
}
