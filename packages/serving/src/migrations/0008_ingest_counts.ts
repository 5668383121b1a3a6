import { Migration } from './migration';

/** How many messages came in. */
export const ingestCounts: Migration = {
  id: 8,
  name: 'ingest_counts',
  statements: [
    `CREATE TABLE IF NOT EXISTS naap.ingest_hourly (
  hour DateTime('UTC'),
  day Date,
  sparse Bool,
  source LowCardinality(Nullable(String)),
  class LowCardinality(String),
  reason LowCardinality(Nullable(String)),
  n UInt64
) ENGINE = MergeTree PARTITION BY if(sparse, toYYYYMM(hour), toYYYYMMDD(hour)) ORDER BY (hour, class)`,
    'CREATE TABLE IF NOT EXISTS naap.stage_ingest_hourly AS naap.ingest_hourly',
  ],
};
