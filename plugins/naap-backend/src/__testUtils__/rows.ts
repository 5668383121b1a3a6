import type {
  AnswerMeta,
  GpuRow,
  KpiRow,
  ScoreRow,
  SupplyRow,
} from '@naap/plugin-naap-common';

const LATENCY = { n: 0, mean: null, p50: null, p95: null, p99: null };

const MEASURES = {
  requests: 0,
  failed: 0,
  unserved: 0,
  abandoned: 0,
  unknown: 0,
  running: 0,
  served: 0,
  swapped: 0,
  swapped_served: 0,
  failed_swaps: 0,
  error_events: 0,
  restarts: 0,
  overlay: 0,
  complete: 0,
  startup_missing: 0,
  fps_samples: 0,
  fps_mean: null,
  fps_fed_samples: 0,
  fps_fed_mean: null,
  fps_p50: null,
  fps_p95: null,
  failure_rate: null,
  failure_rate_low: 0,
  failure_rate_high: 1,
  swap_rate: null,
  swap_rate_low: 0,
  swap_rate_high: 1,
  error_rate: null,
  jitter_n: 0,
  jitter_mean: null,
  jitter_p95: null,
  cue: null,
  cue_samples: 0,
  ptff_ms: LATENCY,
  e2e_ms: LATENCY,
  startup_ms: LATENCY,
  cold_startup_ms: LATENCY,
  inference_ms: 0,
  inference_minutes: 0,
  fees_eth: 0,
  payments: 0,
  unread_payments: 0,
};

/** An answer's meta for the hour from 21:00, whose watermark is at 22:00. */
export const META: AnswerMeta = {
  build: null,
  watermark: '2026-01-08T22:00:00.000Z',
  syncedAt: '2026-01-08T22:00:30.000Z',
  firstHour: '2026-01-08T20:00:00.000Z',
  lastHour: '2026-01-08T21:00:00.000Z',
  simulated: false,
  freshnessMs: 1,
  window: {
    from: '2026-01-08T21:00:00.000Z',
    to: '2026-01-08T22:00:00.000Z',
    grain: '1h',
    state: 'provisional',
  },
};

/** Without evidence but for what is given. */
export const kpiRow = (of: Partial<KpiRow> = {}): KpiRow => ({
  ...MEASURES,
  ...of,
});

/** Without evidence but for what is given. */
export const gpuRow = (of: Partial<GpuRow> = {}): GpuRow => ({
  ...MEASURES,
  orchestrator: '0xa',
  gpu_id: 'GPU-1',
  gpu: 'RTX 4090',
  models: [],
  regions: [],
  orchestrator_version: null,
  first_seen_at: null,
  last_seen_at: null,
  stable: null,
  ...of,
});

/** Without a score but for what is given. */
export const scoreRow = (of: Partial<ScoreRow> = {}): ScoreRow => ({
  key: '0xa',
  score: null,
  score_low: null,
  score_high: null,
  reliability: null,
  quality: null,
  attainments: { fps: null, startup: null, e2e: null, jitter: null },
  served: 0,
  completeness: null,
  ...of,
});

/** One report in one hour, without a capacity but for what is given. */
export const supplyRow = (of: Partial<SupplyRow> = {}): SupplyRow => ({
  hours: 1,
  orchestrators: 1,
  gpus: 1,
  capacity: null,
  capacity_in_use: null,
  warm: null,
  ...of,
});
