import {
  KpiId,
  KpiRow,
  LatencySummary,
  ModelTarget,
  ModelTargets,
} from '@naap/serving/contract';

/** `fraction` is shown as percent; `ratio` has no unit. */
export type KpiUnit = 'fps' | 'ms' | 'ratio' | 'fraction';

export interface KpiTarget {
  value: number;
  comparison: '<' | '≤' | '≥';
  /** `contract`: one for all, of kpis.md §3; else where the target of the model comes from. */
  source: 'contract' | ModelTarget['source'];
}

/** KPIs whose target is the model's own, as `ModelTargets` names them. */
export type ModelTargetName = Exclude<keyof ModelTargets, 'model'>;

/** How the models behind one number stand to the target that each has of its own. */
export type ModelStatuses = Record<KpiStatus, number>;

/** Targets of what a row is about. Absent: its values come from several models, so that no single one is right. */
export type RowTargets = Partial<Pick<ModelTargets, ModelTargetName>> & {
  /** Where there are several: how many models have which status. */
  models?: Partial<Record<ModelTargetName, ModelStatuses>>;
  /** The targets of models could not be asked for. */
  failed?: true;
};

/** What one row of an answer says about one KPI. */
export interface KpiReading {
  /** The mean, or the rate: the number that the target speaks about, and that stands for the KPI in a cell, a trend and a sort. */
  graded: number | null;
  /** Samples behind the number. */
  n: number;
  /** How much of `KpiDefinition.minimum.of` there is. */
  evidence: number;
  /** 95 % Wilson interval, for rates. */
  interval: { low: number; high: number } | null;
  /** Mid values of buckets: `formatMid` shows them. */
  percentiles: {
    p50: number | null;
    p95: number | null;
    p99: number | null;
  } | null;
  /** Why `graded` is null, else null. */
  absence: string | null;
}

/** A figure that kpis.md §3 puts beside a KPI. */
export interface KpiFigure {
  label: string;
  value: number | null;
  unit: KpiUnit | 'count';
  /** It is the mid value of a bucket. */
  mid?: true;
}

export interface KpiDefinition {
  id: KpiId;
  name: string;
  /** For a column head. */
  shortName: string;
  unit: KpiUnit;
  /** Which way is better. */
  direction: 'higher' | 'lower';
  /** The target, or the name under which a model has its own. */
  target: KpiTarget | ModelTargetName;
  /** How it is computed, in words. */
  definition: string;
  /** The same as a formula. */
  formula: string;
  /** What it is of one request; null: it is of a group alone. */
  ofRequest: string | null;
  /** What it is of a group, and what stands beside it. */
  ofGroup: string;
  /** What it is computed from: columns of gold's `kpi_hourly`, metrics of `kpi_latency_hourly` (percentiles). */
  gold: { columns: readonly string[]; metrics: readonly string[] };
  /** Under this it is not graded (kpis.md §3). */
  minimum: { count: number; of: 'samples' | 'requests' };
  /** What `n` counts. */
  countOf: 'samples' | 'requests';
  /** True when the number rests on tables of hardware and model figures and not on measurements alone. */
  estimated: boolean;
  read(row: KpiRow): KpiReading;
  /** What stands beside it on demand. */
  beside(row: KpiRow): KpiFigure[];
}

/** `too_few`: under the minimum of kpis.md §3. `inconclusive`: enough of them, and the interval holds the target. */
export type KpiStatus =
  | 'met'
  | 'not_met'
  | 'too_few'
  | 'inconclusive'
  | 'no_target';

/** How a number stands to its target. */
export interface KpiGrade {
  status: KpiStatus;
  /** Null where there is no single one. */
  target: KpiTarget | null;
  /** Where each of several models is graded against its own target: how many have which status. */
  models: ModelStatuses | null;
}

const NO_REQUEST = 'No request in this window';
const FROM_10_REQUESTS = { count: 10, of: 'requests' } as const;
const FROM_30_SAMPLES = { count: 30, of: 'samples' } as const;

function latency(
  row: KpiRow,
  summary: LatencySummary,
  absence: string,
): KpiReading {
  return {
    graded: summary.mean,
    n: summary.n,
    evidence: summary.n,
    interval: null,
    percentiles: { p50: summary.p50, p95: summary.p95, p99: summary.p99 },
    absence: reason(row, summary.mean, absence),
  };
}

function rate(
  row: KpiRow,
  value: number | null,
  low: number,
  high: number,
): KpiReading {
  return {
    graded: value,
    n: row.requests,
    evidence: row.requests,
    interval: value === null ? null : { low, high },
    percentiles: null,
    absence: reason(row, value, NO_REQUEST),
  };
}

function reason(
  row: KpiRow,
  value: number | null,
  absence: string,
): string | null {
  if (value !== null) {
    return null;
  }
  return isIdle(row) ? NO_REQUEST : absence;
}

/**
 * Whether nothing of a row can be rated, so that it is in no ranking: it has neither a request nor a sample (those may be
 * of requests that don't count). It may have been paid, or have gone on with what began in an earlier hour.
 */
export function isIdle(row: Pick<KpiRow, 'requests' | 'fps_samples'>): boolean {
  return row.requests === 0 && row.fps_samples === 0;
}

function latencyFigures(summary: LatencySummary): KpiFigure[] {
  return [
    { label: 'Mean', value: summary.mean, unit: 'ms' },
    { label: 'p50', value: summary.p50, unit: 'ms', mid: true },
    { label: 'p95', value: summary.p95, unit: 'ms', mid: true },
    { label: 'p99', value: summary.p99, unit: 'ms', mid: true },
  ];
}

function share(label: string, count: number, row: KpiRow): KpiFigure {
  return {
    label,
    value: row.requests > 0 ? count / row.requests : null,
    unit: 'fraction',
  };
}

/** The KPIs in the order of the pages. Names, units and targets are those of docs/kpis.md §3. */
export const KPI_CATALOGUE: readonly KpiDefinition[] = [
  {
    id: 'output_fps',
    name: 'Output FPS',
    shortName: 'FPS',
    unit: 'fps',
    direction: 'higher',
    target: 'fps',
    definition:
      'Sum of the frames per second of all output samples, divided by their number. An output sample is a status with output running; a stall (0 fps after output began) counts.',
    formula: 'Σ fps of output samples ÷ output samples',
    ofRequest: 'mean of its output samples',
    ofGroup:
      'Σ fps ÷ output samples, also of requests that do not count. Beside it the same without DEGRADED_INPUT samples, which the upload of the user limits; the score uses that one.',
    gold: {
      columns: ['fps_sum', 'fps_samples', 'fps_fed_sum', 'fps_fed_samples'],
      metrics: ['output_fps', 'output_fps_fed'],
    },
    minimum: FROM_30_SAMPLES,
    countOf: 'samples',
    estimated: false,
    read: row => ({
      graded: row.fps_mean,
      n: row.fps_samples,
      evidence: row.fps_samples,
      interval: null,
      percentiles: { p50: row.fps_p50, p95: row.fps_p95, p99: null },
      absence: reason(row, row.fps_mean, 'No output sample in this window'),
    }),
    beside: row => [
      { label: 'p50', value: row.fps_p50, unit: 'fps', mid: true },
      { label: 'p95', value: row.fps_p95, unit: 'fps', mid: true },
      {
        label: 'Without degraded input',
        value: row.fps_fed_mean,
        unit: 'fps',
      },
      {
        label: 'Samples without degraded input',
        value: row.fps_fed_samples,
        unit: 'count',
      },
    ],
  },
  {
    id: 'ptff',
    name: 'Prompt-to-first-frame',
    shortName: 'First frame',
    unit: 'ms',
    direction: 'lower',
    target: 'ptff_ms',
    definition:
      'From the stream request to the first processed segment. Requests that got loading overlay frames first are left out.',
    formula: 'first processed segment − stream request',
    ofRequest: 'first processed segment − stream request',
    ofGroup:
      'mean, p50, p95 and p99 of requests that are not overlay. Overlay requests are counted beside it.',
    gold: { columns: ['ptff_sum', 'ptff_n', 'overlay'], metrics: ['ptff_ms'] },
    minimum: FROM_10_REQUESTS,
    countOf: 'requests',
    estimated: false,
    read: row =>
      latency(row, row.ptff_ms, 'No request with a first processed segment'),
    beside: row => [
      ...latencyFigures(row.ptff_ms),
      { label: 'Overlay requests', value: row.overlay, unit: 'count' },
    ],
  },
  {
    id: 'e2e',
    name: 'E2E stream latency',
    shortName: 'E2E',
    unit: 'ms',
    direction: 'lower',
    target: { value: 3000, comparison: '≤', source: 'contract' },
    definition:
      'From the first ingest segment sent to the first processed segment, both on the orchestrator that served the request. Requests that got loading overlay frames first are left out.',
    formula: 'first processed segment − first ingest segment sent',
    ofRequest:
      'first processed segment − first ingest segment sent, both with the orchestrator URL of the request',
    ofGroup: 'mean, p50, p95 and p99 of requests that are not overlay.',
    gold: { columns: ['e2e_sum', 'e2e_n', 'overlay'], metrics: ['e2e_ms'] },
    minimum: FROM_10_REQUESTS,
    countOf: 'requests',
    estimated: false,
    read: row =>
      latency(
        row,
        row.e2e_ms,
        'No request with both a first ingest and a first processed segment',
      ),
    beside: row => [
      ...latencyFigures(row.e2e_ms),
      { label: 'Overlay requests', value: row.overlay, unit: 'count' },
    ],
  },
  {
    id: 'startup',
    name: 'Startup time',
    shortName: 'Startup',
    unit: 'ms',
    direction: 'lower',
    target: 'startup_ms',
    definition:
      'From the stream request to a few processed segments; for a request with loading overlay, to the first status that shows inference running.',
    formula: 'few processed segments − stream request',
    ofRequest:
      'few processed segments − stream request. Of an overlay request: until its first status at or after the first processed segment, ONLINE or DEGRADED_INFERENCE, with output since its start',
    ofGroup:
      'mean, p50, p95 and p99, and the same for cold requests alone. Served requests that did not start are counted beside it.',
    gold: {
      columns: [
        'startup_sum',
        'startup_n',
        'cold_startup_sum',
        'cold_startup_n',
        'startup_missing',
      ],
      metrics: ['startup_ms', 'cold_startup_ms'],
    },
    minimum: FROM_10_REQUESTS,
    countOf: 'requests',
    estimated: false,
    read: row =>
      latency(row, row.startup_ms, 'No request with a few processed segments'),
    beside: row => [
      ...latencyFigures(row.startup_ms),
      {
        label: 'Cold, p50',
        value: row.cold_startup_ms.p50,
        unit: 'ms',
        mid: true,
      },
      {
        label: 'Cold, p95',
        value: row.cold_startup_ms.p95,
        unit: 'ms',
        mid: true,
      },
      { label: 'Cold requests', value: row.cold_startup_ms.n, unit: 'count' },
      {
        label: 'Served without a startup',
        value: row.startup_missing,
        unit: 'count',
      },
    ],
  },
  {
    id: 'jitter',
    name: 'Jitter coefficient',
    shortName: 'Jitter',
    unit: 'ratio',
    direction: 'lower',
    target: { value: 0.1, comparison: '≤', source: 'contract' },
    definition:
      'How much the output FPS of a request varies: standard deviation over mean of its output samples, from three samples on, without those with DEGRADED_INPUT, which the network of the user limits. Of a group: the mean over its requests.',
    formula: 'σ ÷ μ of the output samples of a request, without DEGRADED_INPUT',
    ofRequest:
      'population σ ÷ μ of its output samples on its own orchestrator without DEGRADED_INPUT ones, from three samples on and μ > 0; null without an orchestrator',
    ofGroup: 'mean over requests, and p95.',
    gold: { columns: ['jitter_sum', 'jitter_n'], metrics: ['jitter'] },
    minimum: FROM_30_SAMPLES,
    countOf: 'requests',
    estimated: false,
    read: row => ({
      graded: row.jitter_mean,
      n: row.jitter_n,
      evidence: row.jitter_n,
      interval: null,
      percentiles: { p50: null, p95: row.jitter_p95, p99: null },
      absence: reason(
        row,
        row.jitter_mean,
        'No request with three output samples or more',
      ),
    }),
    beside: row => [
      { label: 'Mean', value: row.jitter_mean, unit: 'ratio' },
      { label: 'p95', value: row.jitter_p95, unit: 'ratio', mid: true },
    ],
  },
  {
    id: 'failure_rate',
    name: 'Inference failure rate',
    shortName: 'Failures',
    unit: 'fraction',
    direction: 'lower',
    target: { value: 0.01, comparison: '<', source: 'contract' },
    definition:
      'Requests that failed (a swap that did not recover, no output, output that was lost, a failed startup, or an error) divided by all requests that count.',
    formula: 'failed ÷ requests that count',
    ofRequest: 'whether its outcome is failed',
    ofGroup:
      'failed ÷ requests that count, with a 95 % Wilson interval. Beside it error events per request, restarts of runners, and the unserved, abandoned, unknown and running shares.',
    gold: {
      columns: [
        'failed',
        'requests',
        'error_events',
        'restarts',
        'unserved',
        'abandoned',
        'unknown',
        'running',
      ],
      metrics: [],
    },
    minimum: FROM_10_REQUESTS,
    countOf: 'requests',
    estimated: false,
    read: row =>
      rate(row, row.failure_rate, row.failure_rate_low, row.failure_rate_high),
    beside: row => [
      { label: 'Failed requests', value: row.failed, unit: 'count' },
      {
        label: 'Error events per request',
        value: row.error_rate,
        unit: 'ratio',
      },
      { label: 'Restarts of runners', value: row.restarts, unit: 'count' },
      share('Unserved', row.unserved, row),
      share('Abandoned', row.abandoned, row),
      share('Unknown', row.unknown, row),
      share('Running', row.running, row),
    ],
  },
  {
    id: 'swap_rate',
    name: 'Swap rate',
    shortName: 'Swaps',
    unit: 'fraction',
    direction: 'lower',
    target: { value: 0.05, comparison: '<', source: 'contract' },
    definition:
      'Requests that changed their orchestrator, divided by all requests that count. A swap event up to a second before the stream ends is none.',
    formula: 'swapped ÷ requests that count',
    ofRequest:
      'a swap event, or two or more canonical addresses among its traces and statuses',
    ofGroup:
      'swapped ÷ requests that count, with a 95 % Wilson interval. Failed swaps are counted beside it.',
    gold: { columns: ['swapped', 'requests', 'failed_swaps'], metrics: [] },
    minimum: FROM_10_REQUESTS,
    countOf: 'requests',
    estimated: false,
    read: row =>
      rate(row, row.swap_rate, row.swap_rate_low, row.swap_rate_high),
    beside: row => [
      { label: 'Swapped requests', value: row.swapped, unit: 'count' },
      { label: 'Failed swaps', value: row.failed_swaps, unit: 'count' },
    ],
  },
  {
    id: 'cue',
    name: 'CUDA efficiency (CUE)',
    shortName: 'CUE',
    unit: 'fraction',
    direction: 'higher',
    target: { value: 0.8, comparison: '≥', source: 'contract' },
    definition:
      'Output FPS times the FLOPs per frame of the model, divided by the peak FLOPS of the GPU. Estimated from tables of models and GPUs; samples whose model or GPU is not in them are left out.',
    formula: 'Σ fps · FLOPs per frame of the model ÷ Σ peak FLOPS of the GPU',
    ofRequest: null,
    ofGroup:
      'output FPS × FLOPs per frame of the model ÷ peak FLOPS of the GPU. Over several models or GPUs: Σ fps · FLOPs ÷ Σ peak, over the samples whose model and GPU are known; null without one.',
    gold: { columns: ['cue_achieved', 'cue_peak', 'cue_samples'], metrics: [] },
    minimum: FROM_10_REQUESTS,
    countOf: 'samples',
    estimated: true,
    read: row => ({
      graded: row.cue,
      n: row.cue_samples,
      evidence: row.requests,
      interval: null,
      percentiles: null,
      absence: reason(
        row,
        row.cue,
        'No sample whose model and GPU are both in the tables',
      ),
    }),
    beside: row => [
      {
        label: 'Samples with known model and GPU',
        value: row.cue_samples,
        unit: 'count',
      },
    ],
  },
];

/** A duration with percentiles beside its mean. */
export function isLatency({ unit, gold }: KpiDefinition): boolean {
  return unit === 'ms' && gold.metrics.length > 0;
}

/** @throws Error for an id that there is not. */
export function kpiDefinition(id: KpiId): KpiDefinition {
  const definition = KPI_CATALOGUE.find(kpi => kpi.id === id);
  if (!definition) {
    throw new Error(`There is no KPI '${id}'`);
  }
  return definition;
}

/**
 * The target of a KPI; null where there is no single one.
 *
 * @param targets - of what the row is about.
 */
export function kpiTarget(
  definition: KpiDefinition,
  targets: RowTargets = {},
): KpiTarget | null {
  if (typeof definition.target !== 'string') {
    return definition.target;
  }
  const own = targets[definition.target];
  return own
    ? { ...own, comparison: definition.direction === 'higher' ? '≥' : '≤' }
    : null;
}

const NO_TARGETS = { fps: null, ptff_ms: null, startup_ms: null };

const NO_STATUSES: ModelStatuses = {
  met: 0,
  not_met: 0,
  too_few: 0,
  inconclusive: 0,
  no_target: 0,
};

/**
 * The targets that rows by model have together: those of a model where every value behind the KPI is of that model.
 * Of several models there is no single target (kpis.md §3): each is graded against its own.
 */
export function targetsTogether(
  rows: readonly KpiRow[],
  targets: readonly ModelTargets[],
): RowTargets {
  const together: RowTargets = {};
  const ownOf = ({ model }: KpiRow) =>
    targets.find(own => own.model === model) ?? NO_TARGETS;
  for (const definition of KPI_CATALOGUE) {
    const { target, read } = definition;
    if (typeof target === 'string') {
      const [only, ...others] = rows.filter(row => read(row).n > 0);
      if (others.length > 0) {
        const models = { ...NO_STATUSES };
        for (const row of [only, ...others]) {
          models[kpiGrade(definition, read(row), ownOf(row)).status] += 1;
        }
        together.models = { ...together.models, [target]: models };
      } else if (only) {
        together[target] = ownOf(only)[target];
      }
    }
  }
  return together;
}

/**
 * How a number stands to its target: met when the whole interval is on the good side, not met when it is on the bad
 * side, inconclusive when it holds the target. KPIs whose data has no interval are compared directly. Under the minimum
 * of kpis.md §3 it is too few. Several models meet theirs when each of those that can be graded does.
 *
 * @param targets - of what the row is about.
 */
export function kpiGrade(
  definition: KpiDefinition,
  reading: KpiReading,
  targets: RowTargets = {},
): KpiGrade {
  const target = kpiTarget(definition, targets);
  const models =
    target === null && typeof definition.target === 'string'
      ? targets.models?.[definition.target] ?? null
      : null;
  const status = models
    ? statusOfModels(models)
    : statusOf(definition, reading, target);
  return { status, target, models };
}

function statusOfModels(models: ModelStatuses): KpiStatus {
  const worstFirst = ['not_met', 'inconclusive', 'met', 'too_few'] as const;
  return worstFirst.find(status => models[status] > 0) ?? 'no_target';
}

function statusOf(
  definition: KpiDefinition,
  reading: KpiReading,
  target: KpiTarget | null,
): KpiStatus {
  if (!target) {
    return 'no_target';
  }
  if (!hasEnoughEvidence(definition, reading)) {
    return 'too_few';
  }
  const { low, high } = reading.interval ?? {
    low: reading.graded,
    high: reading.graded,
  };
  const lowIsGood = isGood(low, target);
  if (lowIsGood !== isGood(high, target)) {
    return 'inconclusive';
  }
  return lowIsGood ? 'met' : 'not_met';
}

/** Whether there is a number and the minimum of kpis.md §3 behind it. */
export function hasEnoughEvidence(
  definition: KpiDefinition,
  reading: KpiReading,
): reading is KpiReading & { graded: number } {
  return (
    reading.graded !== null && reading.evidence >= definition.minimum.count
  );
}

/** The middle of what others have. */
export interface PeerMedian {
  /** Of `KpiReading.graded`; null without one of them. */
  value: number | null;
  /** How many have enough evidence to be in it. */
  n: number;
}

/**
 * The median of a KPI over rows, one per orchestrator or model; without those that have too little evidence, and
 * without the one that stands for "none".
 */
export function peerMedian(
  definition: KpiDefinition,
  rows: readonly KpiRow[],
  key: 'orchestrator' | 'model',
): PeerMedian {
  const values = rows
    .filter(row => (row[key] ?? null) !== null)
    .map(row => definition.read(row))
    .filter(reading => hasEnoughEvidence(definition, reading))
    .map(({ graded }) => graded)
    .sort((a, b) => a - b);
  const n = values.length;
  return {
    n,
    value:
      n === 0
        ? null
        : (values[Math.floor((n - 1) / 2)] + values[Math.floor(n / 2)]) / 2,
  };
}

function isGood(value: number, target: KpiTarget): boolean {
  switch (target.comparison) {
    case '<':
      return value < target.value;
    case '≤':
      return value <= target.value;
    default:
      return value >= target.value;
  }
}

/** The SLA score in words (kpis.md §4). */
export const SCORE_DEFINITION = {
  name: 'SLA score',
  definition:
    'One number from 0 to 100 for an orchestrator, a model or a GPU over a window: how reliably it served, and how well.',
  formulas: [
    'score = 100 · (0.7 · reliability + 0.3 · quality)',
    'reliability = 0.8 · attainment of failed ÷ served (1 at 1 % or less, 0 at 10 % or more) + 0.2 · attainment of swapped and served ÷ served (1 at 5 %, 0 at 25 %)',
    'quality = mean of the attainments at hand among output FPS (without DEGRADED_INPUT), startup, E2E, jitter',
  ],
  served:
    'Served are requests that count and are neither running, unserved, abandoned nor unknown.',
  attainment:
    'An attainment of quality is 1 at the target or better, 0 at twice the target (for FPS: at half of it) or worse, linear between; it is at hand from 30 samples (FPS, jitter) or 10 requests (startup, E2E) on. With several models, attainments are taken per model on the mean of the group and weighted by served requests (FPS: by samples).',
  completeness:
    'How complete the telemetry is stands beside the score and is never multiplied into it: an outage of the monitor must not look like bad service.',
  minimum: { count: 10, of: 'served requests' },
} as const;

/** Where a target of a model's own comes from (kpis.md §4). */
export const MODEL_TARGET_DEFINITION =
  'A model has its own target where the table model_targets sets one. FPS and startup without one take the median of the network for that model (FPS: of samples without DEGRADED_INPUT) over the seven full UTC days before the window, from 30 values on.';
