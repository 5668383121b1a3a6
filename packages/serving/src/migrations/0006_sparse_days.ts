import { Migration } from './migration';

/** What the rows of each table are ordered by, as before. */
const ORDER = {
  fct_requests: 'requested_at, stream_id, request_id',
  kpi_hourly: 'hour, orchestrator, model, gateway',
  kpi_latency_hourly: 'hour, orchestrator, model, metric, bucket',
  supply_hourly: 'hour, orchestrator, model',
  fct_swaps: 'hour, swapped_at',
  scrape_hourly: 'hour, orchestrator, url',
  scrape_latency_hourly: 'hour, orchestrator, url, bucket',
  scrape_readings_hourly: 'hour, orchestrator, url, metric',
};

/**
 * A partition for each day that holds much, and one for all others of a month: a clock that is wrong by years makes
 * thousands of days of a few rows, and each partition costs memory, and time of every question that spans it. What the
 * tables held comes anew from gold, with the next sync.
 */
export const sparseDays: Migration = {
  id: 6,
  name: 'sparse_days',
  statements: [
    // First, so that nobody takes empty tables for a build, and no interrupted publication is ended from them.
    `INSERT INTO naap.served_state (revision, phase, simulated, plan)
SELECT max(revision) + 1, 'served', false, '' FROM naap.served_state`,
    // A day that was dropped keeps a row with an empty build_id. Rows by table.
    `CREATE OR REPLACE TABLE naap.sync_state (
  day Date,
  build_id String,
  partition UInt32,
  rows Map(LowCardinality(String), UInt64),
  revision UInt64
) ENGINE = ReplacingMergeTree(revision) ORDER BY day`,
    ...Object.entries(ORDER).flatMap(([table, order]) => [
      `ALTER TABLE naap.${table} ADD COLUMN IF NOT EXISTS sparse Bool AFTER day`,
      `CREATE OR REPLACE TABLE naap.stage_${table} AS naap.${table}
ENGINE = MergeTree PARTITION BY if(sparse, toYYYYMM(hour), toYYYYMMDD(hour)) ORDER BY (${order})
SETTINGS allow_nullable_key = 1`,
      `CREATE OR REPLACE TABLE naap.${table} AS naap.stage_${table}`,
    ]),
  ],
};
