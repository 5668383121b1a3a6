import { readFile } from 'node:fs/promises';
import type { LakeSettings } from './LakeSettings';
import type { LakeWorker } from './LakeWorker';
import { homePaths } from './paths';

/** The last good build, as the worker records it. */
export interface BuildRecord {
  build: {
    id: string;
    /** When it finished, ISO 8601. */
    at: string;
    tests: { passed: number; failed: number; warned: number };
  };
  watermark: string | null;
  /** Whether any of bronze came from the simulator. */
  simulated: boolean;
  /** The snapshots of bronze that it read: ids, decimal texts; null of a table that had none yet. Records of before lack it. */
  snapshots?: Record<'events' | 'quarantine' | 'batches', string | null>;
  /**
   * How this build left each table of gold, in a lake that machines share: the id of its snapshot (decimal text) and the
   * location of the metadata.json whose current one it is. Whoever reads gold reads it so, all tables of one build.
   */
  gold?: Record<string, { snapshot: string; metadata: string }>;
  /** Rows of each table of silver, gold and the seeds. */
  tables?: Record<string, number>;
  /** The last result of each data test, and the dbt id of what it tests. */
  checks?: Record<
    string,
    { status: 'passed' | 'failed' | 'warned'; node: string | null }
  >;
}

/** Null before the first good build. */
export async function readBuildRecord(
  home: string,
): Promise<BuildRecord | null> {
  try {
    return JSON.parse(await readFile(homePaths(home).build, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** As `readBuildRecord`, of a lake that machines share: from its table `gold.builds`. */
export async function readLakeBuildRecord(
  lake: LakeSettings,
  worker: Pick<LakeWorker, 'call'>,
): Promise<BuildRecord | null> {
  const { record } = await worker.call<{ record: BuildRecord | null }>(
    'build_record',
    { lake },
  );
  return record;
}
