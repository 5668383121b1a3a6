import type { KpiDimension, KpiFilters } from './dimensions';
import type { Page, PageQuery, Window } from './pages';
import type { AnswerMeta } from './served';

/** The KPIs of docs/kpis.md §3. */
export const KPI_IDS = [
  'output_fps',
  'ptff',
  'e2e',
  'startup',
  'jitter',
  'failure_rate',
  'swap_rate',
  'cue',
] as const;
export type KpiId = (typeof KPI_IDS)[number];

export interface KpiQuery extends Window, PageQuery {
  by?: KpiDimension[];
  filters?: KpiFilters;
}

/** A latency of a group in ms: percentiles from merged logarithmic buckets (within 1 %). */
export interface LatencySummary {
  n: number;
  mean: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** One group of a KPI answer. The asked dimensions are present as keys of the row. */
export interface KpiRow extends Partial<Record<KpiDimension, string | null>> {
  requests: number;
  failed: number;
  unserved: number;
  abandoned: number;
  unknown: number;
  running: number;
  /** Requests that count and are neither running, unserved, abandoned nor unknown. */
  served: number;
  swapped: number;
  swapped_served: number;
  failed_swaps: number;
  error_events: number;
  /** Times that a runner restarted while it served. */
  restarts: number;
  overlay: number;
  /** Served requests with at least one status and a first and few processed segments, or a first data segment. */
  complete: number;
  /** Served requests that did not start: with neither few processed segments, a data segment nor an output sample. */
  startup_missing: number;
  fps_samples: number;
  fps_mean: number | null;
  fps_fed_samples: number;
  /** Output FPS without `DEGRADED_INPUT` samples. */
  fps_fed_mean: number | null;
  fps_p50: number | null;
  fps_p95: number | null;
  failure_rate: number | null;
  failure_rate_low: number;
  failure_rate_high: number;
  swap_rate: number | null;
  swap_rate_low: number;
  swap_rate_high: number;
  error_rate: number | null;
  jitter_n: number;
  jitter_mean: number | null;
  jitter_p95: number | null;
  /** Estimated CUDA utilisation efficiency, a fraction; null when no sample has a known model and GPU. */
  cue: number | null;
  cue_samples: number;
  ptff_ms: LatencySummary;
  e2e_ms: LatencySummary;
  startup_ms: LatencySummary;
  cold_startup_ms: LatencySummary;
  /** In the hours in which it was served, also of requests of earlier hours: there may be some without a request. */
  inference_ms: number;
  /** The same in minutes. */
  inference_minutes: number;
  fees_eth: number;
  /** Payments and signed tickets, read or not. */
  payments: number;
  /** Of them those whose fee can't be read: they add nothing to the fees. */
  unread_payments: number;
}

export interface KpiAnswer extends Page {
  meta: AnswerMeta;
  rows: KpiRow[];
}
