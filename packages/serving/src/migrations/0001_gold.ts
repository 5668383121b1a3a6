import { Migration } from './migration';

const dimensions = `
  gateway LowCardinality(String),
  region LowCardinality(Nullable(String)),
  orchestrator LowCardinality(Nullable(String)),
  model LowCardinality(Nullable(String)),
  pipeline LowCardinality(Nullable(String)),
  gpu LowCardinality(Nullable(String)),`;

/** The gold tables, partitioned by day, and a stage beside each from which whole partitions are moved. */
export const gold: Migration = {
  id: 1,
  name: 'gold',
  statements: [
    `CREATE TABLE IF NOT EXISTS naap.fct_requests (
  stream_id String,
  request_id String,
  requested_at DateTime64(3, 'UTC'),
  hour DateTime('UTC'),
  day Date,${dimensions}
  identity LowCardinality(Nullable(String)),
  orch_uri Nullable(String),
  warm Nullable(Bool),
  ptff_ms Nullable(Float64),
  e2e_ms Nullable(Float64),
  startup_ms Nullable(Float64),
  overlay Bool,
  fps_mean Nullable(Float64),
  fps_samples UInt32,
  jitter Nullable(Float64),
  outcome LowCardinality(String),
  reason LowCardinality(Nullable(String)),
  error_events UInt32,
  swapped Bool,
  swap_events UInt32,
  served Bool,
  complete Bool,
  startup_missing Bool,
  failed_swap Bool,
  inference_ms Nullable(Float64),
  statuses UInt32,
  messages UInt32,
  late_messages UInt32,
  first_message_at DateTime64(3, 'UTC'),
  last_message_at DateTime64(3, 'UTC'),
  INDEX by_request_id request_id TYPE bloom_filter GRANULARITY 1,
  INDEX by_stream_id stream_id TYPE bloom_filter GRANULARITY 1
) ENGINE = MergeTree PARTITION BY toDate(hour) ORDER BY (requested_at, stream_id, request_id)`,
    `CREATE TABLE IF NOT EXISTS naap.kpi_hourly (
  hour DateTime('UTC'),
  day Date,${dimensions}
  requests UInt64,
  failed UInt64,
  unserved UInt64,
  abandoned UInt64,
  unknown UInt64,
  running UInt64,
  served UInt64,
  swapped UInt64,
  swapped_served UInt64,
  failed_swaps UInt64,
  error_events UInt64,
  overlay UInt64,
  complete UInt64,
  startup_missing UInt64,
  fps_samples UInt64,
  fps_sum Float64,
  fps_fed_samples UInt64,
  fps_fed_sum Float64,
  jitter_n UInt64,
  jitter_sum Float64,
  ptff_n UInt64,
  ptff_sum Float64,
  e2e_n UInt64,
  e2e_sum Float64,
  startup_n UInt64,
  startup_sum Float64,
  cold_startup_n UInt64,
  cold_startup_sum Float64,
  cue_samples UInt64,
  cue_achieved Float64,
  cue_peak Float64,
  inference_ms Float64,
  fees_eth Float64,
  payments UInt64
) ENGINE = MergeTree PARTITION BY toDate(hour) ORDER BY (hour, orchestrator, model, gateway)
SETTINGS allow_nullable_key = 1`,
    `CREATE TABLE IF NOT EXISTS naap.kpi_latency_hourly (
  hour DateTime('UTC'),
  day Date,${dimensions}
  metric LowCardinality(String),
  bucket Int32,
  n UInt64
) ENGINE = MergeTree PARTITION BY toDate(hour) ORDER BY (hour, orchestrator, model, metric, bucket)
SETTINGS allow_nullable_key = 1`,
    `CREATE TABLE IF NOT EXISTS naap.dim_orchestrators (
  orchestrator String,
  uris String,
  gpus String,
  models String,
  first_seen_at Nullable(DateTime64(3, 'UTC')),
  last_seen_at Nullable(DateTime64(3, 'UTC')),
  capability_version Nullable(String)
) ENGINE = MergeTree ORDER BY orchestrator`,
    `CREATE TABLE IF NOT EXISTS naap.dim_models (
  model String,
  pipeline LowCardinality(Nullable(String)),
  first_seen_at Nullable(DateTime64(3, 'UTC')),
  last_seen_at Nullable(DateTime64(3, 'UTC')),
  target_fps Nullable(Float64),
  target_ptff_ms Nullable(Float64),
  target_startup_ms Nullable(Float64),
  flops_per_frame Nullable(Float64)
) ENGINE = MergeTree ORDER BY model`,
    ...[
      'fct_requests',
      'kpi_hourly',
      'kpi_latency_hourly',
      'dim_orchestrators',
      'dim_models',
    ].map(
      table =>
        `CREATE TABLE IF NOT EXISTS naap.stage_${table} AS naap.${table}`,
    ),
  ],
};
