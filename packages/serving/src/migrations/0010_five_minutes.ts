import { Migration } from './migration';

/** The tables by day of before: a migration never changes, so it names them itself. */
const HELD = [
  'fct_requests',
  'kpi_hourly',
  'kpi_latency_hourly',
  'supply_hourly',
  'supply_hours',
  'fct_swaps',
  'scrape_hourly',
  'scrape_latency_hourly',
  'scrape_readings_hourly',
  'ingest_hourly',
];

/**
 * The same parts as by hour, by five minutes. What was served has none, and a window would miss what sticks out of its whole
 * hours: it is forgotten, and the next sync brings all of it anew from gold.
 */
export const fiveMinutes: Migration = {
  id: 10,
  name: 'five_minutes',
  statements: [
    // First, so that nobody takes empty tables for a build, and no interrupted publication is ended from them.
    `INSERT INTO naap.served_state (revision, phase, simulated, plan)
SELECT max(revision) + 1, 'served', false, '' FROM naap.served_state`,
    'TRUNCATE TABLE naap.sync_state',
    'TRUNCATE TABLE naap.revised_hours',
    ...HELD.map(table => `TRUNCATE TABLE naap.${table}`),
    ...['kpi', 'kpi_latency'].flatMap(name => [
      `CREATE TABLE IF NOT EXISTS naap.${name}_5min AS naap.${name}_hourly`,
      `ALTER TABLE naap.${name}_5min ADD COLUMN IF NOT EXISTS slot DateTime('UTC') FIRST`,
      `CREATE TABLE IF NOT EXISTS naap.stage_${name}_5min AS naap.${name}_5min`,
    ]),
    ...['fct_swaps', 'stage_fct_swaps'].map(
      table =>
        `ALTER TABLE naap.${table} ADD COLUMN IF NOT EXISTS requested_at DateTime64(3, 'UTC') AFTER swapped_at`,
    ),
  ],
};
