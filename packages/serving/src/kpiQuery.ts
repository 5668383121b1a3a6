import { mapInSlices } from '@naap/system';
import { KpiDimension, KpiFilters, KpiRow, LatencySummary } from './contract';
import { dimensionsOf } from './dimensions';
import { Group, Metric, Parts, PARTS, Percentiles } from './groups';
import { KpiReader } from './KpiReader';
import { PageAsk, Part } from './page';
import { bucketMidValue, ratio, wilsonInterval } from './statistics';
import { TimeWindow } from './window';

/** What is told of every group. */
export type KpiMeasures = Omit<KpiRow, KpiDimension>;

function percentile(
  percentiles: Percentiles,
  metric: Metric,
  which: 0 | 1 | 2,
): number | null {
  const buckets = percentiles.get(metric);
  return buckets ? bucketMidValue(metric, buckets[which]) : null;
}

function latency(
  percentiles: Percentiles,
  metric: Metric,
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

/** The KPIs of one group. */
export function kpisOf({
  parts,
  percentiles,
}: Pick<Group, 'parts' | 'percentiles'>): KpiMeasures {
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
    restarts: parts.restarts,
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
    inference_ms: parts.inference_ms,
    inference_minutes: parts.inference_ms / 60_000,
    fees_eth: parts.fees_eth,
    payments: parts.payments,
    unread_payments: parts.unread_payments,
  };
}

/** The KPIs of what has neither requests nor samples. */
export const NO_EVIDENCE: KpiMeasures = kpisOf({
  parts: Object.fromEntries(PARTS.map(name => [name, 0])) as Parts,
  percentiles: new Map(),
});

/** One row per group that has anything, ordered by the dimensions in the order asked, nulls last. */
export async function queryKpis(
  reader: KpiReader,
  query: { window: TimeWindow; by: KpiDimension[]; filters?: KpiFilters },
  page: PageAsk,
): Promise<Part<KpiRow>> {
  const { window, by, filters } = query;
  const { rows, more } = await reader.groups({
    window,
    filters,
    keys: by,
    page,
  });
  return {
    rows: await mapInSlices(rows, group => ({
      ...dimensionsOf(by, group.keys),
      ...kpisOf(group),
    })),
    more,
  };
}
