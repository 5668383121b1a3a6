import type { DayTable, DimensionTable } from '../tables';
import type { BuildInfo } from './served';

/** One day of gold as the sync takes it; `sums` by column are checked after staging. */
export interface GoldDay {
  day: string;
  buildId: string;
  /** Holds so little that it shares a partition with the other sparse days of its month. */
  sparse: boolean;
  tables: Record<DayTable, { rows: number; sums: Record<string, number> }>;
}

/** Some days of gold, and the Parquet files (absolute paths) that hold the rows of them all, and of no other day. */
export interface GoldDays {
  days: GoldDay[];
  files: Record<DayTable, string[]>;
}

/** Where gold comes from: DuckDB files embedded, Trino distributed. */
export interface GoldSource {
  /** The last good build, or null before the first. */
  state(): Promise<{
    build: BuildInfo;
    watermark: string | null;
    simulated: boolean;
  } | null>;
  /** Every day of gold with the last build that changed it, oldest first. */
  days(): Promise<Array<{ day: string; buildId: string }>>;
  /**
   * Writes the first of these days as Parquet: as many as can be taken in one go, at least one, all of the same build.
   * Columns are those of docs/architecture.md and `sparse` (bool).
   */
  exportDays(days: string[]): Promise<GoldDays>;
  /** Whole dimension tables as Parquet. */
  exportDimensions(): Promise<
    Record<DimensionTable, { path: string; rows: number }>
  >;
}
