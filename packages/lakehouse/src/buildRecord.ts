import { readFile } from 'node:fs/promises';
import { homePaths } from './paths';

/** The last good build of a home, as the worker records it. */
export interface BuildRecord {
  build: {
    id: string;
    /** When it finished, ISO 8601. */
    at: string;
    tests: { passed: number; failed: number; warned: number };
  };
  watermark: string | null;
  /** The snapshots of bronze that it read: ids, decimal texts; null of a table that had none yet. Records of before lack it. */
  snapshots?: Record<'events' | 'quarantine' | 'batches', string | null>;
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
