import { Migration } from './migration';

/** What GPUs deliver, what orchestrators offer, and where requests swap to; beside each its stage. */
export const supply: Migration = {
  id: 3,
  name: 'supply',
  statements: [
    ...['kpi_hourly', 'kpi_latency_hourly'].flatMap(table => {
      const perGpu = table.replace('kpi', 'kpi_gpu');
      return [
        `CREATE TABLE IF NOT EXISTS naap.${perGpu} AS naap.${table}`,
        `ALTER TABLE naap.${perGpu} ADD COLUMN IF NOT EXISTS gpu_id Nullable(String) AFTER gpu`,
      ];
    }),
    `CREATE TABLE IF NOT EXISTS naap.supply_hourly (
  hour DateTime('UTC'),
  day Date,
  orchestrator LowCardinality(String),
  orch_uri Nullable(String),
  model LowCardinality(String),
  pipeline LowCardinality(Nullable(String)),
  gpu LowCardinality(Nullable(String)),
  gpu_ids String,
  capacity Float64,
  capacity_in_use Float64,
  warm Float64
) ENGINE = MergeTree PARTITION BY toDate(hour) ORDER BY (hour, orchestrator, model)`,
    `CREATE TABLE IF NOT EXISTS naap.fct_swaps (
  event_key String,
  stream_id String,
  request_id String,
  swapped_at DateTime64(3, 'UTC'),
  hour DateTime('UTC'),
  day Date,
  gateway LowCardinality(String),
  region LowCardinality(Nullable(String)),
  from_orchestrator LowCardinality(Nullable(String)),
  to_orchestrator LowCardinality(Nullable(String)),
  model LowCardinality(Nullable(String)),
  pipeline LowCardinality(Nullable(String)),
  gpu LowCardinality(Nullable(String)),
  failed Bool
) ENGINE = MergeTree PARTITION BY toDate(hour) ORDER BY (hour, swapped_at)`,
    `CREATE TABLE IF NOT EXISTS naap.dim_gpus (
  orchestrator String,
  gpu_id String,
  gpu Nullable(String),
  first_seen_at DateTime64(3, 'UTC'),
  last_seen_at DateTime64(3, 'UTC'),
  reports UInt64,
  stable Nullable(Bool)
) ENGINE = MergeTree ORDER BY (orchestrator, gpu_id)`,
    `CREATE TABLE IF NOT EXISTS naap.dim_deploys (
  orchestrator String,
  model String,
  runner_version String,
  first_seen_at DateTime64(3, 'UTC')
) ENGINE = MergeTree ORDER BY (orchestrator, model, first_seen_at)`,
    ...[
      'kpi_gpu_hourly',
      'kpi_gpu_latency_hourly',
      'supply_hourly',
      'fct_swaps',
      'dim_gpus',
      'dim_deploys',
    ].map(
      table =>
        `CREATE TABLE IF NOT EXISTS naap.stage_${table} AS naap.${table}`,
    ),
  ],
};
