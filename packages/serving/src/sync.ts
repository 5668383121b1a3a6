import { Database } from './client';
import { GoldSource } from './contract';
import { finishPublication, publish } from './publish';
import { Plan, PublishedState, readSyncedDays } from './servedState';
import {
  clearStage,
  clearStagedDay,
  findRevisedHours,
  readColumns,
  stageDay,
  stageDimension,
} from './stage';
import { DAY_TABLES, DIMENSION_TABLES } from './tables';

export interface SyncProgress {
  step: 'stage' | 'publish';
  /** Day that was staged last. */
  day?: string;
  /** Days done and days to do in this sync. */
  done: number;
  total: number;
  /** Rows staged so far, all tables. */
  rows: number;
}

export interface SyncOptions {
  /** Only these days (`YYYY-MM-DD`). Until the others follow, the served build and watermark stay the old ones. */
  days?: string[];
  onProgress?: (progress: SyncProgress) => void;
  /** Aborts before anything is published; a publication that has begun is ended. */
  signal?: AbortSignal;
}

export interface SyncResult {
  /** Build that is served now, null before the first build of gold. */
  buildId: string | null;
  /** Days replaced, days dropped, days that were up to date, and changed days that `days` left out. */
  replaced: string[];
  dropped: string[];
  unchanged: number;
  left: number;
  /** Rows moved, all tables. */
  rows: number;
  durationMs: number;
}

/** Runs a publication while its owner keeps readers out; gives what is served after it. */
export type Publisher = (
  publication: () => Promise<PublishedState>,
) => Promise<PublishedState>;

type StagedDay = Plan['days'][number] & { revisedHours: number[] };

/** Days that gold has in another build than ClickHouse, or not at all any more (build null), oldest first. */
function changedDays(
  have: Map<string, string>,
  gold: Array<{ day: string; buildId: string }>,
): Array<{ day: string; buildId: string | null }> {
  const wanted = new Set(gold.map(({ day }) => day));
  return [
    ...gold.filter(({ day, buildId }) => have.get(day) !== buildId),
    ...[...have.keys()]
      .filter(day => !wanted.has(day))
      .map(day => ({ day, buildId: null })),
  ].sort((a, b) => (a.day < b.day ? -1 : 1));
}

function totalRows(days: Iterable<StagedDay>): number {
  let total = 0;
  for (const { rows } of days) {
    for (const table of DAY_TABLES) total += rows[table];
  }
  return total;
}

/**
 * Makes ClickHouse serve what gold holds. All changed days are staged and verified first and then published together,
 * so that nobody reads half a build. Can be repeated, and goes on after a crash at any point. One sync at a time.
 *
 * @throws SyncVerificationError when the stage differs from gold; the served numbers stay as they were
 */
export async function sync(
  database: Database,
  gold: GoldSource,
  options: SyncOptions,
  publisher: Publisher,
): Promise<SyncResult> {
  const { days: only, onProgress, signal } = options;
  const started = performance.now();
  const current = await publisher(() => finishPublication(database));
  await clearStage(database);
  const have = await readSyncedDays(database);
  const columns = await readColumns(database);

  const stageOne = async (
    day: string,
    buildId: string | null,
  ): Promise<StagedDay> => {
    const rows = { fct_requests: 0, kpi_hourly: 0, kpi_latency_hourly: 0 };
    let exportedBuild = buildId;
    if (buildId === null) {
      await clearStagedDay(database, day);
    } else {
      const exported = await gold.exportDay(day);
      await stageDay(database, columns, exported);
      exportedBuild = exported.buildId;
      for (const table of DAY_TABLES) rows[table] = exported.tables[table].rows;
    }
    const revisedHours = await findRevisedHours(
      database,
      columns,
      day,
      current.watermark,
    );
    return { day, buildId: exportedBuild, rows, revisedHours };
  };

  const staged = new Map<string, StagedDay>();
  let dimensions: Plan['dimensions'] = null;
  let source = await gold.state();
  let goldDays: Awaited<ReturnType<GoldSource['days']>> = [];
  let left = 0;
  // Gold may be built anew while it is staged: then what changed meanwhile is staged again.
  for (let settled = source === null; !settled; ) {
    goldDays = await gold.days();
    const changed = changedDays(have, goldDays);
    const asked = changed.filter(({ day }) => !only || only.includes(day));
    left = changed.length - asked.length;
    for (const { day, buildId } of asked) {
      signal?.throwIfAborted();
      if (staged.get(day)?.buildId !== buildId) {
        staged.set(day, await stageOne(day, buildId));
        onProgress?.({
          step: 'stage',
          day,
          done: staged.size,
          total: asked.length,
          rows: totalRows(staged.values()),
        });
      }
    }
    if (left === 0 && source?.build.id !== current.build?.id) {
      const exported = await gold.exportDimensions();
      dimensions = {
        dim_orchestrators: exported.dim_orchestrators.rows,
        dim_models: exported.dim_models.rows,
      };
      for (const table of DIMENSION_TABLES) {
        await stageDimension(database, table, columns[table], exported[table]);
      }
    }
    const after = await gold.state();
    settled = after?.build.id === source?.build.id;
    source = after;
  }

  const days = [...staged.values()];
  const result = (served: PublishedState): SyncResult => ({
    buildId: served.build?.id ?? null,
    replaced: days.filter(d => d.buildId !== null).map(d => d.day),
    dropped: days.filter(d => d.buildId === null).map(d => d.day),
    unchanged: goldDays.length - left - days.filter(d => d.buildId).length,
    left,
    rows: totalRows(days),
    durationMs: Math.round(performance.now() - started),
  });
  const news =
    days.length > 0 ||
    (left === 0 &&
      source !== null &&
      (source.build.id !== current.build?.id ||
        source.watermark !== current.watermark ||
        source.simulated !== current.simulated));
  if (!news || source === null) return result(current);

  signal?.throwIfAborted();
  const outcome =
    left === 0
      ? { ...source, syncedAt: new Date().toISOString() }
      : {
          build: current.build,
          watermark: current.watermark,
          simulated: current.simulated || source.simulated,
          syncedAt: current.syncedAt,
        };
  const plan: Plan = {
    days: days.map(({ day, buildId, rows }) => ({ day, buildId, rows })),
    dimensions,
    revisedHours: days.flatMap(({ revisedHours }) => revisedHours),
    outcome,
  };
  const served = await publisher(() => publish(database, current, plan));
  onProgress?.({
    step: 'publish',
    done: days.length,
    total: days.length,
    rows: totalRows(days),
  });
  await clearStage(database);
  return result(served);
}
