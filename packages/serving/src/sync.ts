import { Database } from './client';
import { GoldSource, SyncPlanDay } from './contract';
import { InvalidQueryError } from './errors';
import { finishPublication, publish } from './publish';
import { Plan, PublishedState, readSyncedDays, Served } from './servedState';
import {
  clearStage,
  readColumns,
  stageDay,
  StagedDay,
  stageDimensions,
} from './stage';
import { DAY_TABLES } from './tables';

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

type Build = NonNullable<Awaited<ReturnType<GoldSource['state']>>>;

/** All that a sync found and put into the stage. */
interface Staged {
  /** The build of gold that the stage holds. */
  build: Build;
  days: StagedDay[];
  dimensions: Plan['dimensions'];
  unchanged: number;
  left: number;
}

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

/** True when what is served is all of a build. */
function isServed(
  { build, watermark, simulated }: Omit<Served, 'syncedAt'>,
  current: Served,
): boolean {
  return (
    build?.id === current.build?.id &&
    watermark === current.watermark &&
    simulated === current.simulated
  );
}

function totalRows(days: Iterable<StagedDay>): number {
  let total = 0;
  for (const { rows } of days) {
    for (const table of DAY_TABLES) total += rows[table];
  }
  return total;
}

/** Rows served now per day, all tables. */
async function readServedRows(
  database: Database,
): Promise<Map<string, number>> {
  return new Map(
    await database.rows<[string, number]>(
      `SELECT partition, sum(rows) FROM system.parts
WHERE database = 'naap' AND active AND table IN {tables:Array(String)} GROUP BY partition`,
      { tables: [...DAY_TABLES] },
    ),
  );
}

/**
 * What a sync would do now, oldest day first.
 *
 * @throws InvalidQueryError for a day of `only` that neither gold nor ClickHouse has
 */
export async function planSync(
  database: Database,
  gold: GoldSource,
  only?: string[],
): Promise<SyncPlanDay[]> {
  const have = await readSyncedDays(database);
  const build = await gold.state();
  const goldDays = build ? await gold.days() : [];
  const unknown = only?.find(
    asked => !have.has(asked) && !goldDays.some(({ day }) => day === asked),
  );
  if (unknown !== undefined) {
    throw new InvalidQueryError(
      `Neither gold nor ClickHouse has the day ${JSON.stringify(
        unknown,
      )}; days are written like 2026-01-08`,
    );
  }
  if (!build) return [];
  const rows = await readServedRows(database);
  return changedDays(have, goldDays)
    .filter(({ day }) => !only || only.includes(day))
    .map(({ day, buildId }) => ({
      day,
      action: buildId === null ? 'drop' : 'replace',
      rows: rows.get(day) ?? 0,
    }));
}

/**
 * Stages every changed day that is asked for, and the dimensions when no day is left out. Gold may be built anew
 * meanwhile: then what changed is staged again, so that all of the stage is of one build.
 */
async function stageChanges(
  database: Database,
  gold: GoldSource,
  first: Build,
  current: PublishedState,
  { days: only, onProgress, signal }: SyncOptions,
): Promise<Staged> {
  const have = await readSyncedDays(database);
  const columns = await readColumns(database);
  const staged = new Map<string, StagedDay>();
  for (let build = first; ; ) {
    const goldDays = await gold.days();
    const changed = changedDays(have, goldDays);
    const asked = changed.filter(({ day }) => !only || only.includes(day));
    for (const { day, buildId } of asked) {
      signal?.throwIfAborted();
      if (staged.get(day)?.buildId === buildId) continue;
      const exported = buildId === null ? null : await gold.exportDay(day);
      staged.set(
        day,
        await stageDay(database, columns, day, exported, current.watermark),
      );
      onProgress?.({
        step: 'stage',
        day,
        done: staged.size,
        total: asked.length,
        rows: totalRows(staged.values()),
      });
    }
    const left = changed.length - asked.length;
    const dimensions =
      left === 0
        ? await stageDimensions(
            database,
            columns,
            await gold.exportDimensions(),
          )
        : null;
    const now = await gold.state();
    if (!now) throw new Error('Gold lost its build during the sync');
    if (now.build.id === build.build.id) {
      return {
        build: now,
        days: [...staged.values()],
        dimensions,
        unchanged: goldDays.length - changed.filter(d => d.buildId).length,
        left,
      };
    }
    build = now;
  }
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
  const started = performance.now();
  const result = (
    served: PublishedState,
    { days, unchanged, left }: Pick<Staged, 'days' | 'unchanged' | 'left'>,
  ): SyncResult => ({
    buildId: served.build?.id ?? null,
    replaced: days.filter(d => d.buildId !== null).map(d => d.day),
    dropped: days.filter(d => d.buildId === null).map(d => d.day),
    unchanged,
    left,
    rows: totalRows(days),
    durationMs: Math.round(performance.now() - started),
  });

  const current = await publisher(() => finishPublication(database));
  await clearStage(database);
  const build = await gold.state();
  // Days change by builds alone.
  if (!build || isServed(build, current)) {
    const { size } = await readSyncedDays(database);
    return result(current, { days: [], unchanged: size, left: 0 });
  }
  const staged = await stageChanges(database, gold, build, current, options);
  const { days, dimensions, left } = staged;
  if (left > 0 && days.length === 0) return result(current, staged);

  options.signal?.throwIfAborted();
  const plan: Plan = {
    days: days.map(({ day, buildId, rows }) => ({ day, buildId, rows })),
    dimensions,
    revisedHours: days.flatMap(({ revisedHours }) => revisedHours),
    outcome:
      left === 0
        ? { ...staged.build, syncedAt: new Date().toISOString() }
        : {
            build: current.build,
            watermark: current.watermark,
            simulated: current.simulated || staged.build.simulated,
            syncedAt: current.syncedAt,
          },
  };
  const served = await publisher(() => publish(database, current, plan));
  options.onProgress?.({
    step: 'publish',
    done: days.length,
    total: days.length,
    rows: totalRows(days),
  });
  await clearStage(database);
  return result(served, staged);
}
