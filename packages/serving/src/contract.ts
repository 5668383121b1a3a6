/**
 * What the serving layer answers: shapes shared by the CLI, the API and the portal. Pure types and constants, no I/O.
 * Names and units are those of docs/kpis.md; null means "no evidence" and is never 0.
 */

import type { DayTable, DimensionTable } from './tables';

/** Dimensions that a KPI answer can be grouped by and filtered on. */
export const KPI_DIMENSIONS = [
  'orchestrator',
  'model',
  'gateway',
  'region',
  'gpu',
  'pipeline',
  'hour',
  'day',
] as const;
export type KpiDimension = (typeof KPI_DIMENSIONS)[number];

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

/** Dimensions that can be filtered on: all but time, which the window limits. */
export const KPI_FILTERS = [
  'orchestrator',
  'model',
  'gateway',
  'region',
  'gpu',
  'pipeline',
] as const;
export type KpiFilter = (typeof KPI_FILTERS)[number];

/** Exact matches, any of the values; `null` in a list matches rows without a value. */
export type KpiFilters = Partial<Record<KpiFilter, Array<string | null>>>;

/**
 * Half-open window of whole UTC hours, ISO 8601: `from` is floored and `to` is ceiled to the hour.
 * Absent bounds mean "all that is served".
 */
export interface Window {
  from?: string;
  to?: string;
}

/**
 * Which part of a list is asked for. Answers hold at most `limit` rows (10,000 without) and 8 MiB; the order is total
 * and the same in all pages, so within one build no row is left out and none comes twice.
 */
export interface PageQuery {
  limit?: number;
  /** `next` of the answer before; opaque. All else of the query must be the same. */
  cursor?: string;
}

/** A part of a list. */
export interface Page {
  /** Cursor of what follows; null: that is all. */
  next: string | null;
}

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

export type Outcome =
  | 'running'
  | 'unserved'
  | 'failed'
  | 'abandoned'
  | 'unknown'
  | 'ok';
export type FailureReason =
  | 'swap_failed'
  | 'no_output'
  | 'output_lost'
  | 'startup_failed'
  | 'error';

/** The facts of one request that counts. Times ISO 8601 UTC with milliseconds, durations in ms. */
export interface RequestRow {
  stream_id: string;
  request_id: string;
  requested_at: string;
  hour: string;
  gateway: string;
  region: string | null;
  orchestrator: string | null;
  /** `contested`: its URL is claimed by several addresses, so that it is nobody's. */
  identity: 'canonical' | 'reported' | 'contested' | null;
  orch_uri: string | null;
  model: string | null;
  pipeline: string | null;
  gpu: string | null;
  warm: boolean | null;
  ptff_ms: number | null;
  e2e_ms: number | null;
  startup_ms: number | null;
  overlay: boolean;
  fps_mean: number | null;
  fps_samples: number;
  jitter: number | null;
  outcome: Outcome;
  reason: FailureReason | null;
  error_events: number;
  /** Times that a runner restarted while it served. */
  restarts: number;
  swapped: boolean;
  swap_events: number;
}

export interface RequestQuery extends Window, PageQuery {
  filters?: KpiFilters;
  outcome?: Outcome[];
  /** Only the requests that this KPI counts, those that make it worse first. */
  kpi?: KpiId;
  /** `request_id`, exact. */
  requestId?: string;
  streamId?: string;
  /** Newest first by default; with `kpi` among those that are equally bad. */
  order?: 'newest' | 'oldest';
  /** Rows to leave out, from the start or from the cursor on. */
  offset?: number;
}

/** The build that made the served numbers. */
export interface BuildInfo {
  id: string;
  /** When the build finished, ISO 8601. */
  at: string;
  tests: { passed: number; failed: number; warned: number };
}

/** Where the served numbers stand; `null` before the first sync. */
export interface ServedState {
  build: BuildInfo | null;
  /** Newest of min(envelope timestamp, time it came in) that the served numbers include. */
  watermark: string | null;
  syncedAt: string | null;
  /** Earliest and latest hour served. */
  firstHour: string | null;
  lastHour: string | null;
  /** True when any served event was brought by the simulator. */
  simulated: boolean;
}

export type WindowState = 'provisional' | 'final' | 'revised';

/** What every answer carries beside its rows. */
export interface AnswerMeta extends ServedState {
  /** now − watermark in ms, null without a watermark. */
  freshnessMs: number | null;
  window: { from: string | null; to: string | null; state: WindowState | null };
}

export interface KpiAnswer extends Page {
  meta: AnswerMeta;
  rows: KpiRow[];
}

export interface RequestAnswer extends Page {
  meta: AnswerMeta;
  /** Rows that match, on all pages. */
  total: number;
  rows: RequestRow[];
}

export interface DimensionValue {
  value: string | null;
  requests: number;
}

/** Without a dimension the busiest values of all filters, at most `limit` (100 without) of each. */
export interface DimensionQuery<Asked extends KpiFilter = KpiFilter>
  extends Window,
    PageQuery {
  /** Only the values of this filter, in pages. */
  dimension?: Asked;
  /** Only values with this text in them, in any case; with a dimension. */
  search?: string;
}

/** Distinct values of the filters within a window, busiest first, for filter controls. */
export interface DimensionAnswer<Asked extends KpiFilter = KpiFilter>
  extends Page {
  meta: AnswerMeta;
  values: Record<Asked, DimensionValue[]>;
  /** How many values there are, with the text that was searched for. */
  totals: Record<Asked, number>;
}

/** What can be scored. */
export type ScoreKey = 'orchestrator' | 'model' | 'gpu';

/** The SLA score of one orchestrator, model or GPU (docs/kpis.md §4). Fractions unless said otherwise. */
export interface ScoreRow {
  key: string;
  /** 0 to 100; null is "not enough data". */
  score: number | null;
  /** The score at the worse and the better end of the 95 % Wilson intervals of its two rates; null without a score. */
  score_low: number | null;
  score_high: number | null;
  reliability: number | null;
  quality: number | null;
  /** null when no model of the group has both a target and a value. */
  attainments: {
    fps: number | null;
    startup: number | null;
    e2e: number | null;
    jitter: number | null;
  };
  /** Requests that are graded. */
  served: number;
  /** Share of the served requests with whole telemetry: shown beside the score, never multiplied into it. */
  completeness: number | null;
}

export interface ScoreQuery extends Window, PageQuery {
  filters?: KpiFilters;
  by: ScoreKey;
}

export interface ScoreAnswer extends Page {
  meta: AnswerMeta;
  rows: ScoreRow[];
}

/** A target of one model and where it comes from. */
export interface ModelTarget {
  value: number;
  /** `table`: model_targets; `network_median`: of the seven full UTC days before the window (docs/kpis.md §4). */
  source: 'table' | 'network_median';
}

/** The targets of one model that are not the same for all; null where there is none. */
export interface ModelTargets {
  model: string;
  fps: ModelTarget | null;
  ptff_ms: ModelTarget | null;
  startup_ms: ModelTarget | null;
}

export interface TargetQuery extends Window, PageQuery {}

export interface TargetAnswer extends Page {
  meta: AnswerMeta;
  rows: ModelTargets[];
}

/** What capability reports can be grouped by. */
export const SUPPLY_DIMENSIONS = [
  'orchestrator',
  'model',
  'pipeline',
  'gpu',
  'hour',
  'day',
] as const;
export type SupplyDimension = (typeof SUPPLY_DIMENSIONS)[number];

/**
 * What the orchestrators offered, by their newest capability report of each hour. Capacities are means over the hours
 * that have a report of anybody: one in which a group is not listed counts 0 for it. Null: no such hour.
 */
export interface SupplyRow
  extends Partial<Record<SupplyDimension, string | null>> {
  /** Hours that have a report of anybody. */
  hours: number;
  orchestrators: number;
  /** Distinct GPU ids, once per orchestrator. */
  gpus: number;
  /** Containers, busy or idle. */
  capacity: number | null;
  capacity_in_use: number | null;
  /** Containers that have the model loaded. */
  warm: number | null;
}

export interface SupplyQuery extends Window, PageQuery {
  by?: SupplyDimension[];
  filters?: Partial<
    Record<Exclude<SupplyDimension, 'hour' | 'day'>, Array<string | null>>
  >;
}

export interface SupplyAnswer extends Page {
  meta: AnswerMeta;
  rows: SupplyRow[];
}

/** KPIs of one GPU of one orchestrator; `gpu_id` is null for what can't be tied to one GPU. */
export interface GpuRow extends Omit<KpiRow, KpiDimension> {
  orchestrator: string | null;
  gpu_id: string | null;
  gpu: string | null;
  /** The first hundred of each, in their order. */
  models: string[];
  regions: string[];
  /** Version of its newest capability report. */
  orchestrator_version: string | null;
  first_seen_at: string | null;
  last_seen_at: string | null;
  /** False when the place of this GPU is reported under another id every hour or so; null: too few hours to say. */
  stable: boolean | null;
}

export interface GpuQuery extends Window, PageQuery {
  filters?: KpiFilters;
  /** Exact ids. */
  gpuId?: string[];
}

export interface GpuAnswer extends Page {
  meta: AnswerMeta;
  rows: GpuRow[];
}

/** What the scraper's findings can be grouped by. */
export const AVAILABILITY_DIMENSIONS = [
  'orchestrator',
  'url',
  'hour',
  'day',
] as const;
export type AvailabilityDimension = (typeof AVAILABILITY_DIMENSIONS)[number];

/** What runners of one kind are offered for; `currency` and `unit` as they say it. */
export interface PriceRow {
  pipeline: string | null;
  model: string | null;
  currency: string | null;
  unit: string | null;
  /** Readings. */
  n: number;
  mean: number;
}

/**
 * What the scraper found at orchestrators (docs/kpis.md §6). An observation is one URL in one round; nothing of a
 * masked round counts but `masked`.
 */
export interface AvailabilityRow
  extends Partial<Record<AvailabilityDimension, string | null>> {
  observations: number;
  reachable: number;
  /** A fraction; null without an observation. */
  availability: number | null;
  availability_low: number;
  availability_high: number;
  /** Refused by the scraper's gate: no observation. */
  refused: number;
  /** In rounds that are not whole, or in which the scraper was cut off: no observation. */
  masked: number;
  response_ms: LatencySummary;
  /** Streams, as means over the hours that say it; `n` answers say their total. */
  capacity: {
    n: number;
    total: number | null;
    in_use: number | null;
    available: number | null;
    /** A fraction. */
    share_in_use: number | null;
  };
  /** A fraction, measured; also by runners that were asked themselves. */
  gpu_utilization: { n: number; gpus: number; mean: number | null };
  /** The first hundred, in the order of what they are for. */
  prices: PriceRow[];
}

export interface AvailabilityQuery extends Window, PageQuery {
  by?: AvailabilityDimension[];
  filters?: Partial<Record<'orchestrator', Array<string | null>>>;
}

export interface AvailabilityAnswer extends Page {
  meta: AnswerMeta;
  rows: AvailabilityRow[];
}

/** How often requests went from one orchestrator to another (null: not known, or none followed). */
export interface SwapRow {
  from: string | null;
  to: string | null;
  /** Swap events. */
  swaps: number;
  /** Of them the last ones of requests that failed for `swap_failed`. */
  failed: number;
}

export interface SwapQuery extends Window, PageQuery {
  filters?: KpiFilters;
}

export interface SwapAnswer extends Page {
  meta: AnswerMeta;
  rows: SwapRow[];
}

/** A version of a model's runner that an orchestrator began to report. */
export interface DeployRow {
  orchestrator: string;
  model: string;
  version: string;
  first_seen_at: string;
}

/** An orchestrator as the events name it, of all times; the first hundred of each list. */
export interface OrchestratorInfo {
  orchestrator: string;
  uris: string[];
  gpus: string[];
  models: string[];
  first_seen_at: string | null;
  last_seen_at: string | null;
  version: string | null;
}

/** An AI model as the events name it, of all times. */
export interface ModelInfo {
  model: string;
  pipeline: string | null;
  first_seen_at: string | null;
  last_seen_at: string | null;
  flops_per_frame: number | null;
}

/** A page of three lists, one after the other. */
export interface InventoryAnswer extends Page {
  meta: AnswerMeta;
  orchestrators: OrchestratorInfo[];
  models: ModelInfo[];
  deploys: DeployRow[];
}

/** A URL that a capability report gives to two or more addresses: nobody proves whose it is. */
export interface ContestedUrl {
  url: string;
  /** The first hundred, in their order. */
  addresses: string[];
  /** Of the first and the last such report. */
  first_seen_at: string;
  last_seen_at: string;
  /** Such reports. */
  reports: number;
}

export interface ContestedAnswer extends Page {
  meta: AnswerMeta;
  rows: ContestedUrl[];
}

/** One table of the serving layer. */
export interface ServingTable {
  name: string;
  rows: number;
}

/** What a sync would do with one day. */
export interface SyncPlanDay {
  day: string;
  action: 'replace' | 'drop';
  /** Rows served now, all tables. */
  rows: number;
}

/** One day of gold as the sync takes it; `sums` by column are checked after staging. */
export interface GoldDay {
  day: string;
  buildId: string;
  /** Holds so little that it shares a partition with the other sparse days of its month. */
  sparse: boolean;
  tables: Record<DayTable, { rows: number; sums: Record<string, number> }>;
}

/** Some days of gold, and the Parquet files (absolute paths) that hold the rows of them all, and of no other day. */
export interface GoldDays {
  days: GoldDay[];
  files: Record<DayTable, string[]>;
}

/** Where gold comes from: DuckDB files embedded, Trino distributed. */
export interface GoldSource {
  /** The last good build, or null before the first. */
  state(): Promise<{
    build: BuildInfo;
    watermark: string | null;
    simulated: boolean;
  } | null>;
  /** Every day of gold with the last build that changed it, oldest first. */
  days(): Promise<Array<{ day: string; buildId: string }>>;
  /**
   * Writes the first of these days as Parquet: as many as can be taken in one go, at least one, all of the same build.
   * Columns are those of docs/architecture.md and `sparse` (bool).
   */
  exportDays(days: string[]): Promise<GoldDays>;
  /** Whole dimension tables as Parquet. */
  exportDimensions(): Promise<
    Record<DimensionTable, { path: string; rows: number }>
  >;
}
