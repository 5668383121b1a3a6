import { Migration } from './migration';

/** What is served: the newest row of each key counts, older ones vanish in merges. */
export const state: Migration = {
  id: 2,
  name: 'state',
  statements: [
    // One row per publication step; `slot` is the single key. `plan` is the publication that is under way (JSON).
    `CREATE TABLE IF NOT EXISTS naap.served_state (
  slot UInt8 DEFAULT 0,
  revision UInt64,
  phase LowCardinality(String),
  build Nullable(String),
  watermark Nullable(DateTime64(3, 'UTC')),
  simulated Bool,
  synced_at Nullable(DateTime64(3, 'UTC')),
  plan String
) ENGINE = ReplacingMergeTree(revision) ORDER BY slot`,
    // A day that was dropped keeps a row with an empty build_id.
    `CREATE TABLE IF NOT EXISTS naap.sync_state (
  day Date,
  build_id String,
  revision UInt64
) ENGINE = ReplacingMergeTree(revision) ORDER BY day`,
    // Hours whose numbers changed after they were final.
    `CREATE TABLE IF NOT EXISTS naap.revised_hours (
  hour DateTime('UTC'),
  build_id String,
  revision UInt64
) ENGINE = ReplacingMergeTree(revision) ORDER BY hour`,
  ],
};
