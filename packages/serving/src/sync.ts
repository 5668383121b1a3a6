import { Database } from './database';
import { GoldSnapshot, GoldSource, GoldState, SyncPlanDay } from './contract';
import { InvalidQueryError } from './errors';
import { finishPublication, publish } from './publish';
import {
  Plan,
  PublishedState,
  readSyncedDays,
  Served,
  SyncedDay,
} from './servedState';
import { clearStage, readColumns, stageDays, stageDimensions } from './stage';

export interface SyncProgress {
  step: 'stage' | 'publish';
  /** First and last day of those that are staged or published, unless only the rest of a build is. */
  from?: string;
  to?: string;
  /** Days done and days to do in this sync. */
  done: number;
  total: number;
  /** Rows moved so far, all tables. */
  rows: number;
}

export interface SyncOptions {
  /** Only these days (`YYYY-MM-DD`). Until the others follow, the served build and watermark stay the old ones. */
  days?: string[];
  onProgress?: (progress: SyncProgress) => void;
  /** Aborts before the next publication; one that has begun is ended. */
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

/** What is in the stage, and how far the sync has come with it. */
interface Staged {
  plan: Plan;
  progress: Omit<SyncProgress, 'step'>;
}

/** Days that are staged and published together at most: ClickHouse takes no more partitions in one insert. */
const MAX_DAYS_AT_ONCE = 100;

/** Days that gold has in another build than ClickHouse, or not at all any more (build null), newest first. */
function changedDays(
  have: Map<string, SyncedDay>,
  gold: Array<{ day: string; buildId: string }>,
): Array<{ day: string; buildId: string | null }> {
  const wanted = new Set(gold.map(({ day }) => day));
  return [
    ...gold.filter(({ day, buildId }) => have.get(day)?.buildId !== buildId),
    ...[...have.keys()]
      .filter(day => !wanted.has(day))
      .map(day => ({ day, buildId: null })),
  ].sort((a, b) => (a.day < b.day ? 1 : -1));
}

/** True when what is served is all of a build. */
function isServed(
  { build, watermark, simulated }: GoldState,
  current: Served,
): boolean {
  return (
    build.id === current.build?.id &&
    watermark === current.watermark &&
    simulated === current.simulated
  );
}

/** Rows of a day, all tables. */
function totalRows(day: SyncedDay | null | undefined): number {
  return Object.values(day?.rows ?? {}).reduce((sum, rows) => sum + rows, 0);
}

/** Gold as it is now, for as long as it is used. */
async function withGold<Result>(
  gold: GoldSource,
  use: (snapshot: GoldSnapshot | null) => Promise<Result>,
): Promise<Result> {
  const snapshot = await gold.snapshot();
  try {
    return await use(snapshot);
  } finally {
    await snapshot?.dispose();
  }
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
  const goldDays = await withGold(gold, async snapshot => snapshot?.days());
  const unknown = only?.find(
    asked => !have.has(asked) && !goldDays?.some(({ day }) => day === asked),
  );
  if (unknown !== undefined) {
    throw new InvalidQueryError(
      `Neither gold nor ClickHouse has the day ${JSON.stringify(
        unknown,
      )}; days are written like 2026-01-08`,
    );
  }
  if (!goldDays) return [];
  return changedDays(have, goldDays)
    .filter(({ day }) => !only || only.includes(day))
    .map(
      ({ day, buildId }): SyncPlanDay => ({
        day,
        action: buildId === null ? 'drop' : 'replace',
        rows: totalRows(have.get(day)),
      }),
    )
    .reverse();
}

/**
 * Makes ClickHouse serve what gold holds. Some of the changed days after the other, the newest first, are staged,
 * verified and published, so that those of now don't wait for those of years. The build, its watermark and dimensions
 * come with the last of them: few days come in one publication, so that nobody reads half a build. Can be repeated, and
 * goes on after a crash at any point. One sync at a time.
 *
 * @throws SyncVerificationError when the stage differs from gold; what was not published yet stays as it was
 */
export async function sync(
  database: Database,
  gold: GoldSource,
  { days: only, onProgress, signal }: SyncOptions,
  publisher: Publisher,
): Promise<SyncResult> {
  const started = performance.now();
  const done = new Map<string, SyncedDay | null>();
  let current = await publisher(() => finishPublication(database));
  const columns = await readColumns(database);
  const result = (unchanged: number, left: number): SyncResult => {
    const days = [...done].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      buildId: current.build?.id ?? null,
      replaced: days.flatMap(([day, synced]) => (synced ? day : [])),
      dropped: days.flatMap(([day, synced]) => (synced ? [] : day)),
      unchanged,
      left,
      rows: days.reduce((sum, [, synced]) => sum + totalRows(synced), 0),
      durationMs: Math.round(performance.now() - started),
    };
  };

  /** Stages the next days of a snapshot; gives the result when there are none any more. */
  const stageNext = async (
    snapshot: GoldSnapshot | null,
  ): Promise<Staged | SyncResult> => {
    const have = await readSyncedDays(database);
    const unchanged = [...have.keys()].filter(day => !done.has(day)).length;
    // Days change by builds alone.
    if (!snapshot || isServed(snapshot, current)) return result(unchanged, 0);
    const changed = changedDays(have, await snapshot.days());
    const asked = changed.filter(({ day }) => !only || only.includes(day));
    if (asked.length === 0 && changed.length > 0) {
      const left = changed.filter(({ day }) => have.has(day)).length;
      return result(unchanged - left, changed.length);
    }
    signal?.throwIfAborted();
    const some = asked.slice(0, MAX_DAYS_AT_ONCE);
    const wanted = some.flatMap(({ day, buildId }) => (buildId ? day : []));
    const dropped = some.flatMap(({ day, buildId }) => (buildId ? [] : day));
    const staged = await stageDays(
      database,
      columns,
      wanted.length > 0 ? await snapshot.export(wanted) : null,
      dropped,
      have,
      current.watermark,
    );
    const names = staged.days.map(({ day }) => day).sort();
    const progress = {
      from: names.at(0),
      to: names.at(-1),
      done: done.size + names.length,
      total: done.size + asked.length,
      rows: staged.days.reduce(
        (sum, { synced }) => sum + totalRows(synced),
        result(0, 0).rows,
      ),
    };
    onProgress?.({ step: 'stage', ...progress });
    const isLast = names.length === changed.length;
    const { build, watermark, simulated } = snapshot;
    const plan: Plan = {
      ...staged,
      dimensions: isLast
        ? await stageDimensions(
            database,
            columns,
            await snapshot.exportDimensions(),
          )
        : null,
      outcome: isLast
        ? { build, watermark, simulated, syncedAt: new Date().toISOString() }
        : {
            build: current.build,
            watermark: current.watermark,
            simulated: current.simulated || simulated,
            syncedAt: current.syncedAt,
          },
    };
    return { plan, progress };
  };

  for (;;) {
    await clearStage(database);
    const next = await withGold(gold, stageNext);
    if (!('plan' in next)) return next;
    signal?.throwIfAborted();
    const { plan, progress } = next;
    const before = current;
    current = await publisher(() => publish(database, before, plan));
    for (const { day, synced } of plan.days) done.set(day, synced);
    onProgress?.({ step: 'publish', ...progress });
  }
}
