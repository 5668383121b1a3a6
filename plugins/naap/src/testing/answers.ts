import {
  AnswerMeta,
  AvailabilityRow,
  FreshnessAnswer,
  IngestStatsAnswer,
  IngestStatsRow,
  KpiRow,
  LatencySummary,
  OrchestratorInfo,
  RequestEvent,
  RequestRow,
  ScoreRow,
} from '@naap/plugin-naap-common';

const NO_LATENCY: LatencySummary = {
  n: 0,
  mean: null,
  p50: null,
  p95: null,
  p99: null,
};

/** A row without any evidence, but for the facts given. */
export function kpiRow(facts: Partial<KpiRow> = {}): KpiRow {
  return {
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
    ptff_ms: NO_LATENCY,
    e2e_ms: NO_LATENCY,
    startup_ms: NO_LATENCY,
    cold_startup_ms: NO_LATENCY,
    inference_ms: 0,
    inference_minutes: 0,
    fees_eth: 0,
    payments: 0,
    unread_payments: 0,
    ...facts,
  };
}

/** What every answer carries, as of just now. */
export function answerMeta(facts: Partial<AnswerMeta> = {}): AnswerMeta {
  const now = Date.now();
  return {
    build: {
      id: 'b1',
      at: new Date(now - 20_000).toISOString(),
      tests: { passed: 200, failed: 0, warned: 0 },
    },
    watermark: new Date(now - 40_000).toISOString(),
    syncedAt: new Date(now - 10_000).toISOString(),
    firstHour: '2026-01-01T00:00:00.000Z',
    lastHour: new Date(Math.floor(now / 3_600_000) * 3_600_000).toISOString(),
    simulated: false,
    freshnessMs: 40_000,
    window: { from: null, to: null, grain: '1h', state: 'provisional' },
    ...facts,
  };
}

export function freshness(
  facts: Partial<FreshnessAnswer> = {},
): FreshnessAnswer {
  const { window: _, ...served } = answerMeta();
  return {
    ...served,
    eventToServedP95Ms: 30_000,
    loop: {
      running: null,
      lastCommitAt: null,
      lastBuildAt: null,
      lastSyncAt: null,
      lastError: null,
    },
    storage: { freeBytes: 50e9, full: false },
    ...facts,
  };
}

/** A good request. */
export function requestRow(facts: Partial<RequestRow> = {}): RequestRow {
  return {
    stream_id: 'stream-1',
    request_id: 'db936fab',
    requested_at: '2026-01-08T21:49:05.298Z',
    hour: '2026-01-08T21:00:00.000Z',
    gateway: 'gateway-fra',
    region: 'fra',
    orchestrator: '0x0074780feff1fd0277fad6ccdb5a29908df6051f',
    identity: 'canonical',
    orch_uri: 'https://orch.example:8936',
    model: 'streamdiffusion-sdxl',
    pipeline: 'live-video-to-video',
    gpu: null,
    warm: true,
    ptff_ms: 2655,
    e2e_ms: 370,
    startup_ms: 9000,
    overlay: false,
    fps_mean: 16,
    fps_samples: 17,
    jitter: 0.116,
    outcome: 'ok',
    reason: null,
    error_events: 0,
    restarts: 0,
    swapped: false,
    swap_events: 0,
    ...facts,
  };
}

/** The score of an orchestrator that served 100 requests. */
export function scoreRow(facts: Partial<ScoreRow> = {}): ScoreRow {
  return {
    key: '0x0074780feff1fd0277fad6ccdb5a29908df6051f',
    score: 87.25,
    score_low: 80,
    score_high: 90.5,
    reliability: 0.95,
    quality: 0.7,
    attainments: { fps: 0.9, startup: null, e2e: 1, jitter: 0.2 },
    served: 100,
    completeness: 0.9,
    ...facts,
  };
}

/** An orchestrator that the scraper never asked, but for the facts given. */
export function availabilityRow(
  facts: Partial<AvailabilityRow> = {},
): AvailabilityRow {
  return {
    observations: 0,
    reachable: 0,
    availability: null,
    availability_low: 0,
    availability_high: 1,
    refused: 0,
    masked: 0,
    response_ms: NO_LATENCY,
    capacity: {
      n: 0,
      total: null,
      in_use: null,
      available: null,
      share_in_use: null,
    },
    gpu_utilization: { n: 0, gpus: 0, mean: null },
    prices: [],
    ...facts,
  };
}

/** An hour of messages, all accepted but those given. */
export function ingestHour(
  facts: Partial<IngestStatsRow> = {},
): IngestStatsRow {
  return {
    hour: '2026-01-08T21:00:00.000Z',
    read: 100,
    accepted: 100,
    ignored: 0,
    rejected: 0,
    duplicate: 0,
    reasons: {},
    ...facts,
  };
}

/** Hours of messages, on one page. */
export function ingestAnswer(rows: IngestStatsRow[] = []): IngestStatsAnswer {
  const total = { ...ingestHour({ read: 0, accepted: 0 }) };
  for (const row of rows) {
    for (const count of [
      'read',
      'accepted',
      'ignored',
      'rejected',
      'duplicate',
    ] as const) {
      total[count] += row[count];
    }
    for (const [reason, n] of Object.entries(row.reasons)) {
      total.reasons[reason] = (total.reasons[reason] ?? 0) + n;
    }
  }
  return { meta: answerMeta(), total, rows, next: null };
}

/** A trace of a gateway, as somebody sees it who may not read messages. */
export function requestEvent(facts: Partial<RequestEvent> = {}): RequestEvent {
  const event_time = facts.event_time ?? '2026-01-08T21:49:05.298Z';
  return {
    event_id: 'e1',
    type: 'stream_trace',
    subtype: 'gateway_receive_stream_request',
    event_time,
    envelope_time: event_time,
    gateway: '',
    topic: 'network_events',
    partition: 0,
    offset: 7,
    state: null,
    fps: null,
    input_fps: null,
    message: null,
    orch_uri: null,
    started_at: null,
    last_output_at: null,
    said_at: null,
    state_since: null,
    raw: null,
    raw_length: 300,
    ...facts,
  };
}

/** An orchestrator of which nobody told anything, but for the facts given. */
export function orchestratorInfo(
  facts: Partial<OrchestratorInfo> = {},
): OrchestratorInfo {
  return {
    orchestrator: '0xa',
    uris: [],
    gpus: [],
    models: [],
    first_seen_at: null,
    last_seen_at: null,
    version: null,
    name: null,
    contact: null,
    stake_lpt: null,
    ...facts,
  };
}
