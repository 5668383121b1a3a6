import { Migration } from './migration';

/** The tables by day of before: a migration never changes, so it names them itself. */
const HELD = [
  'fct_requests',
  'kpi_hourly',
  'kpi_latency_hourly',
  'supply_hourly',
  'fct_swaps',
  'scrape_hourly',
  'scrape_latency_hourly',
  'scrape_readings_hourly',
];

const withStage = (table: string) => [table, `stage_${table}`];

const addColumn = (table: string, column: string) =>
  withStage(table).map(
    name => `ALTER TABLE naap.${name} ADD COLUMN IF NOT EXISTS ${column}`,
  );

/**
 * What the second version of the contract counts. What was served is by the first one, under which nothing was
 * restarted, say, so it is forgotten: the next sync brings all of it anew from gold.
 */
export const secondContract: Migration = {
  id: 7,
  name: 'second_contract',
  statements: [
    // First, so that nobody takes empty tables for a build, and no interrupted publication is ended from them.
    `INSERT INTO naap.served_state (revision, phase, simulated, plan)
SELECT max(revision) + 1, 'served', false, '' FROM naap.served_state`,
    'TRUNCATE TABLE naap.sync_state',
    'TRUNCATE TABLE naap.revised_hours',
    ...HELD.map(table => `TRUNCATE TABLE naap.${table}`),
    ...addColumn('fct_requests', 'restarts UInt32 AFTER error_events'),
    ...addColumn('kpi_hourly', 'restarts UInt64 AFTER error_events'),
    ...addColumn('kpi_hourly', 'unread_payments UInt64 AFTER payments'),
    `CREATE TABLE IF NOT EXISTS naap.supply_hours (
  hour DateTime('UTC'),
  day Date,
  sparse Bool,
  reports UInt64,
  entries UInt64,
  contested_entries UInt64
) ENGINE = MergeTree PARTITION BY if(sparse, toYYYYMM(hour), toYYYYMMDD(hour)) ORDER BY hour`,
    `CREATE TABLE IF NOT EXISTS naap.dim_contested_urls (
  url String,
  addresses String,
  first_seen_at DateTime64(3, 'UTC'),
  last_seen_at DateTime64(3, 'UTC'),
  reports UInt64
) ENGINE = MergeTree ORDER BY url`,
    ...['supply_hours', 'dim_contested_urls'].map(
      table =>
        `CREATE TABLE IF NOT EXISTS naap.stage_${table} AS naap.${table}`,
    ),
  ],
};
