import { Migration } from './migration';

const target = `
  hour DateTime('UTC'),
  day Date,
  orchestrator LowCardinality(Nullable(String)),
  url String,
  kind LowCardinality(String),`;

/** What the pull scraper measured; beside each table its stage. */
export const scrapes: Migration = {
  id: 4,
  name: 'scrapes',
  statements: [
    `CREATE TABLE IF NOT EXISTS naap.scrape_hourly (${target}
  observations UInt64,
  reachable UInt64,
  refused UInt64,
  masked UInt64,
  response_n UInt64,
  response_sum Float64,
  capacity_n UInt64,
  capacity_sum Float64,
  in_use_n UInt64,
  in_use_sum Float64,
  available_n UInt64,
  available_sum Float64,
  busy_sum Float64,
  busy_capacity_sum Float64
) ENGINE = MergeTree PARTITION BY toDate(hour) ORDER BY (hour, orchestrator, url)
SETTINGS allow_nullable_key = 1`,
    `CREATE TABLE IF NOT EXISTS naap.scrape_latency_hourly (${target}
  bucket Int32,
  n UInt64
) ENGINE = MergeTree PARTITION BY toDate(hour) ORDER BY (hour, orchestrator, url, bucket)
SETTINGS allow_nullable_key = 1`,
    `CREATE TABLE IF NOT EXISTS naap.scrape_readings_hourly (${target}
  metric LowCardinality(String),
  pipeline LowCardinality(Nullable(String)),
  model LowCardinality(Nullable(String)),
  gpu_id Nullable(String),
  gpu LowCardinality(Nullable(String)),
  currency LowCardinality(Nullable(String)),
  unit LowCardinality(Nullable(String)),
  n UInt64,
  total Float64
) ENGINE = MergeTree PARTITION BY toDate(hour) ORDER BY (hour, orchestrator, url, metric)
SETTINGS allow_nullable_key = 1`,
    ...['scrape_hourly', 'scrape_latency_hourly', 'scrape_readings_hourly'].map(
      table =>
        `CREATE TABLE IF NOT EXISTS naap.stage_${table} AS naap.${table}`,
    ),
  ],
};
