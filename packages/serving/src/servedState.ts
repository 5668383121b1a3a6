import { Database } from './database';
import { BuildInfo } from './contract';
import { DayTable, DimensionTable } from './tables';
import { isoTime } from './window';

/** A day as it is served. */
export interface SyncedDay {
  buildId: string;
  /** Of the day tables: 20260108 for that day alone, 202601 for all sparse days of the month. */
  partition: number;
  /** Tables without rows may be missing. */
  rows: Partial<Record<DayTable, number>>;
}

/** What a publication moves from the stage into the served tables. Everything in it can be done again. */
export interface Plan {
  /** Null: gold has no such day any more. */
  days: Array<{ day: string; synced: SyncedDay | null }>;
  /** All partitions that these days were or are in, with the tables that have staged rows there; others lose theirs. */
  partitions: Array<{ partition: number; tables: DayTable[] }>;
  /** Rows staged of the dimension tables; null when they stay as they are. */
  dimensions: Record<DimensionTable, number> | null;
  /** Unix ms of hours that were final before and change now. */
  revisedHours: number[];
  /** What is served when it is done. */
  outcome: Served;
}

/** What the served numbers are made of. */
export interface Served {
  build: BuildInfo | null;
  watermark: string | null;
  simulated: boolean;
  syncedAt: string | null;
}

/** The newest row of `served_state`. */
export interface PublishedState extends Served {
  /** Grows with every step of every publication; the same revision means the same numbers. */
  revision: number;
  /** The publication that is under way or was interrupted; the tables are in between two builds. */
  plan: Plan | null;
}

const NOTHING: PublishedState = {
  revision: 0,
  plan: null,
  build: null,
  watermark: null,
  simulated: false,
  syncedAt: null,
};

/** A time as ClickHouse takes it in JSON. */
function sqlTime(iso: string | null): string | null {
  return iso === null
    ? null
    : new Date(iso).toISOString().replace('T', ' ').replace('Z', '');
}

export async function readPublishedState(
  database: Database,
): Promise<PublishedState> {
  const [row] = await database.rows<
    [number, string | null, number | null, boolean, number | null, string]
  >(
    `SELECT revision, build, toUnixTimestamp64Milli(watermark), simulated, toUnixTimestamp64Milli(synced_at), plan
FROM naap.served_state ORDER BY revision DESC LIMIT 1`,
  );
  if (!row) return NOTHING;
  const [revision, build, watermark, simulated, syncedAt, plan] = row;
  return {
    revision,
    build: build === null ? null : JSON.parse(build),
    watermark: isoTime(watermark),
    simulated,
    syncedAt: isoTime(syncedAt),
    plan: plan === '' ? null : JSON.parse(plan),
  };
}

export async function writePublishedState(
  database: Database,
  state: PublishedState,
): Promise<void> {
  await database.insert('naap.served_state', [
    {
      revision: state.revision,
      phase: state.plan ? 'publishing' : 'served',
      build: state.build && JSON.stringify(state.build),
      watermark: sqlTime(state.watermark),
      simulated: state.simulated,
      synced_at: sqlTime(state.syncedAt),
      plan: state.plan ? JSON.stringify(state.plan) : '',
    },
  ]);
}

/** Every day that is served. */
export async function readSyncedDays(
  database: Database,
): Promise<Map<string, SyncedDay>> {
  const rows = await database.rows<[string, string, number, SyncedDay['rows']]>(
    "SELECT toString(day), build_id, partition, rows FROM naap.sync_state FINAL WHERE build_id != '' ORDER BY day",
  );
  return new Map(
    rows.map(([day, buildId, partition, counts]) => [
      day,
      { buildId, partition, rows: counts },
    ]),
  );
}

export async function writeSyncedDays(
  database: Database,
  revision: number,
  days: Plan['days'],
): Promise<void> {
  if (days.length === 0) return;
  await database.insert(
    'naap.sync_state',
    days.map(({ day, synced }) => ({
      day,
      build_id: synced?.buildId ?? '',
      partition: synced?.partition ?? 0,
      rows: synced?.rows ?? {},
      revision,
    })),
  );
}

/** Hours (unix ms) whose numbers changed after they were final, ascending. */
export async function readRevisedHours(database: Database): Promise<number[]> {
  const rows = await database.rows<[number]>(
    'SELECT DISTINCT toUnixTimestamp(hour) FROM naap.revised_hours ORDER BY 1',
  );
  return rows.map(([seconds]) => seconds * 1000);
}
