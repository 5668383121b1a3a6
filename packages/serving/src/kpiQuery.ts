import { Database } from './client';
import { Conditions, conditions } from './conditions';
import {
  KPI_DIMENSIONS,
  KpiDimension,
  KpiFilters,
  KpiRow,
  LatencySummary,
} from './contract';
import { checkDimensions, dimensionsOf } from './dimensions';
import { bucketMidValue, ratio, wilsonInterval } from './statistics';
import { HourWindow } from './window';

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

/** What is told of every group. */
export type KpiMeasures = Omit<KpiRow, KpiDimension>;

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
function kpisOf(parts: Parts, percentiles: Percentiles): KpiMeasures {
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

/** The KPIs of what has neither requests nor samples. */
export const NO_EVIDENCE: KpiMeasures = kpisOf(
  Object.fromEntries(PARTS.map(name => [name, 0])) as Parts,
  new Map(),
);

/** Two tables with the same additive parts: `gpu` has them by GPU id too. */
const TABLES = {
  network: ['kpi_hourly', 'kpi_latency_hourly'],
  gpu: ['kpi_gpu_hourly', 'kpi_gpu_latency_hourly'],
} as const;

/** One group of rows: the values of its keys and of what else was asked of it. */
export interface KpiGroup {
  keys: Array<string | number | null>;
  more: unknown[];
  kpis: KpiMeasures;
}

/**
 * One group per distinct value of the key columns that has requests or samples, ordered by the keys, nulls last; without
 * keys one group, also when nothing is there. `more`: further aggregates of the additive parts' table.
 *
 * Percentiles are the nearest rank (p·n rounded up) in the merged buckets: `quantilesExactWeighted` is exactly that.
 */
export async function queryGroups(
  database: Database,
  of: keyof typeof TABLES,
  where: Conditions,
  keys: string[],
  more: string[] = [],
): Promise<KpiGroup[]> {
  const [additive, buckets] = TABLES[of];
  const selected = keys.map(name =>
    name === 'hour' ? 'toUnixTimestamp(hour)' : name,
  );
  // Payments that can't be tied to a model, say, are in the totals, but who only paid has served nobody: no row.
  const group =
    keys.length > 0
      ? `GROUP BY ${keys.join()} HAVING sum(requests) > 0 OR sum(fps_samples) > 0
ORDER BY ${keys.map(name => `${name} ASC NULLS LAST`).join()}`
      : '';
  const [sums, quantiles] = await Promise.all([
    database.rows<Array<string | number | null>>(
      `SELECT ${[
        ...selected,
        ...PARTS.map(name => `sum(${name})`),
        ...more,
      ].join()}
FROM naap.${additive} WHERE ${where.sql} ${group}`,
      where.parameters,
    ),
    database.rows<Array<string | number | null | [number, number, number]>>(
      `SELECT ${[
        ...selected,
        'metric',
        'quantilesExactWeighted(0.5, 0.95, 0.99)(bucket, n)',
      ].join()}
FROM naap.${buckets} WHERE ${where.sql} GROUP BY ${[...keys, 'metric'].join()}`,
      where.parameters,
    ),
  ]);
  const percentiles = new Map<string, Percentiles>();
  for (const row of quantiles) {
    const key = JSON.stringify(row.slice(0, keys.length));
    const ofKey = percentiles.get(key) ?? new Map();
    percentiles.set(
      key,
      ofKey.set(row[keys.length], row[keys.length + 1]) as Percentiles,
    );
  }
  return sums.map(row => {
    const key = row.slice(0, keys.length);
    const parts = Object.fromEntries(
      PARTS.map((name, i) => [name, row[keys.length + i]]),
    ) as Parts;
    return {
      keys: key,
      more: row.slice(keys.length + PARTS.length),
      kpis: kpisOf(parts, percentiles.get(JSON.stringify(key)) ?? new Map()),
    };
  });
}

/** One row per group that has requests or samples, ordered by the dimensions in the order asked, nulls last. */
export async function queryKpis(
  database: Database,
  query: { window: HourWindow; by: KpiDimension[]; filters?: KpiFilters },
): Promise<KpiRow[]> {
  const { window, by, filters } = query;
  checkDimensions(by, KPI_DIMENSIONS);
  const groups = await queryGroups(
    database,
    'network',
    conditions(window, filters),
    by,
  );
  return groups.map(({ keys, kpis }) => ({
    ...dimensionsOf(by, keys),
    ...kpis,
  }));
}
