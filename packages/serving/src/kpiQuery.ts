import { Database } from './client';
import { conditions } from './conditions';
import {
  KPI_DIMENSIONS,
  KpiDimension,
  KpiFilters,
  KpiRow,
  LatencySummary,
} from './contract';
import { InvalidQueryError } from './errors';
import { bucketMidValue, ratio, wilsonInterval } from './statistics';
import { HourWindow, isoTime } from './window';

/** Additive columns of `kpi_hourly`, in the order in which they are asked for. */
const PARTS = [
  'requests',
  'failed',
  'unserved',
  'abandoned',
  'unknown',
  'running',
  'served',
  'swapped',
  'swapped_served',
  'failed_swaps',
  'error_events',
  'overlay',
  'complete',
  'startup_missing',
  'fps_samples',
  'fps_sum',
  'fps_fed_samples',
  'fps_fed_sum',
  'jitter_n',
  'jitter_sum',
  'ptff_n',
  'ptff_sum',
  'e2e_n',
  'e2e_sum',
  'startup_n',
  'startup_sum',
  'cold_startup_n',
  'cold_startup_sum',
  'cue_samples',
  'cue_achieved',
  'cue_peak',
  'inference_ms',
  'fees_eth',
  'payments',
] as const;
type Parts = Record<(typeof PARTS)[number], number>;

/** Buckets of the percentiles p50, p95 and p99 by metric. */
type Percentiles = Map<string, [p50: number, p95: number, p99: number]>;

type Key = Array<string | number | null>;

function percentile(
  percentiles: Percentiles,
  metric: string,
  which: 0 | 1 | 2,
): number | null {
  const buckets = percentiles.get(metric);
  return buckets ? bucketMidValue(metric, buckets[which]) : null;
}

function latency(
  percentiles: Percentiles,
  metric: string,
  n: number,
  sum: number,
): LatencySummary {
  return {
    n,
    mean: ratio(sum, n),
    p50: percentile(percentiles, metric, 0),
    p95: percentile(percentiles, metric, 1),
    p99: percentile(percentiles, metric, 2),
  };
}

/** The KPIs of one group from its additive parts. */
export function kpisOf(
  parts: Parts,
  percentiles: Percentiles,
): Omit<KpiRow, KpiDimension> {
  const failure = wilsonInterval(parts.failed, parts.requests);
  const swap = wilsonInterval(parts.swapped, parts.requests);
  return {
    requests: parts.requests,
    failed: parts.failed,
    unserved: parts.unserved,
    abandoned: parts.abandoned,
    unknown: parts.unknown,
    running: parts.running,
    served: parts.served,
    swapped: parts.swapped,
    swapped_served: parts.swapped_served,
    failed_swaps: parts.failed_swaps,
    error_events: parts.error_events,
    overlay: parts.overlay,
    complete: parts.complete,
    startup_missing: parts.startup_missing,
    fps_samples: parts.fps_samples,
    fps_mean: ratio(parts.fps_sum, parts.fps_samples),
    fps_fed_samples: parts.fps_fed_samples,
    fps_fed_mean: ratio(parts.fps_fed_sum, parts.fps_fed_samples),
    fps_p50: percentile(percentiles, 'output_fps', 0),
    fps_p95: percentile(percentiles, 'output_fps', 1),
    failure_rate: ratio(parts.failed, parts.requests),
    failure_rate_low: failure[0],
    failure_rate_high: failure[1],
    swap_rate: ratio(parts.swapped, parts.requests),
    swap_rate_low: swap[0],
    swap_rate_high: swap[1],
    error_rate: ratio(parts.error_events, parts.requests),
    jitter_n: parts.jitter_n,
    jitter_mean: ratio(parts.jitter_sum, parts.jitter_n),
    jitter_p95: percentile(percentiles, 'jitter', 1),
    cue: ratio(parts.cue_achieved, parts.cue_peak),
    cue_samples: parts.cue_samples,
    ptff_ms: latency(percentiles, 'ptff_ms', parts.ptff_n, parts.ptff_sum),
    e2e_ms: latency(percentiles, 'e2e_ms', parts.e2e_n, parts.e2e_sum),
    startup_ms: latency(
      percentiles,
      'startup_ms',
      parts.startup_n,
      parts.startup_sum,
    ),
    cold_startup_ms: latency(
      percentiles,
      'cold_startup_ms',
      parts.cold_startup_n,
      parts.cold_startup_sum,
    ),
    inference_minutes: parts.inference_ms / 60_000,
    fees_eth: parts.fees_eth,
    payments: parts.payments,
  };
}

function checkDimensions(by: KpiDimension[]): void {
  for (const dimension of by) {
    if (!KPI_DIMENSIONS.includes(dimension)) {
      throw new InvalidQueryError(
        `There is no dimension ${JSON.stringify(
          dimension,
        )}; there are ${KPI_DIMENSIONS.join(', ')}`,
      );
    }
  }
  if (new Set(by).size < by.length) {
    throw new InvalidQueryError(`by lists a dimension twice: ${by.join(', ')}`);
  }
}

/**
 * One row per group that has requests or samples, ordered by the dimensions in the order asked, nulls last; without a dimension one
 * row, also when nothing is there.
 *
 * Percentiles are the nearest rank (p·n rounded up) in the merged buckets: `quantilesExactWeighted` is exactly that.
 */
export async function queryKpis(
  database: Database,
  query: { window: HourWindow; by: KpiDimension[]; filters?: KpiFilters },
): Promise<KpiRow[]> {
  const { window, by, filters } = query;
  checkDimensions(by);
  const where = conditions(window, filters);
  const keys = by.map(name =>
    name === 'hour' ? 'toUnixTimestamp(hour)' : name,
  );
  // Payments that can't be tied to a model, say, are in the totals, but who only paid has served nobody: no row.
  const group =
    by.length > 0
      ? `GROUP BY ${by.join()} HAVING sum(requests) > 0 OR sum(fps_samples) > 0`
      : '';
  const order =
    by.length > 0
      ? `ORDER BY ${by.map(name => `${name} ASC NULLS LAST`).join()}`
      : '';
  const [sums, quantiles] = await Promise.all([
    database.rows<Array<string | number | null>>(
      `SELECT ${[...keys, ...PARTS.map(name => `sum(${name})`)].join()}
FROM naap.kpi_hourly WHERE ${where.sql} ${group} ${order}`,
      where.parameters,
    ),
    database.rows<Array<string | number | null | [number, number, number]>>(
      `SELECT ${[
        ...keys,
        'metric',
        'quantilesExactWeighted(0.5, 0.95, 0.99)(bucket, n)',
      ].join()}
FROM naap.kpi_latency_hourly WHERE ${where.sql} GROUP BY ${[
        ...by,
        'metric',
      ].join()}`,
      where.parameters,
    ),
  ]);
  const percentiles = new Map<string, Percentiles>();
  for (const row of quantiles) {
    const key = JSON.stringify(row.slice(0, by.length));
    const group_ = percentiles.get(key) ?? new Map();
    percentiles.set(
      key,
      group_.set(row[by.length], row[by.length + 1]) as Percentiles,
    );
  }
  return sums.map(row => {
    const key: Key = row.slice(0, by.length);
    const parts = Object.fromEntries(
      PARTS.map((name, i) => [name, row[by.length + i]]),
    ) as Parts;
    const dimensions = Object.fromEntries(
      by.map((name, i) => [
        name,
        name === 'hour' ? isoTime(Number(key[i]) * 1000) : key[i],
      ]),
    );
    return {
      ...dimensions,
      ...kpisOf(parts, percentiles.get(JSON.stringify(key)) ?? new Map()),
    };
  });
}
