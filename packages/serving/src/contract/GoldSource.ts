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

/** Rows of an Iceberg table on S3 as one snapshot left it, which ClickHouse reads itself. */
export interface IcebergRows {
  /** `s3://bucket/…/metadata/….metadata.json`, whose current snapshot it is. */
  metadata: string;
  /** Those of these days (`YYYY-MM-DD`); absent: all. */
  days?: string[];
  /** Which of these days are sparse: the table has no such column. */
  sparse?: string[];
  /** Name of a column (bool) that has to be true. */
  only?: string;
}

/** Where rows are: in a Parquet file (absolute path, or a URL that whoever serves can read), or in a table of the lake. */
export type GoldRows = string | IcebergRows;

/** Some days of gold, and where the rows of them all are, and of no other day. */
export interface GoldDays {
  days: GoldDay[];
  files: Record<DayTable, GoldRows[]>;
}

/** Whole dimension tables, and where their rows are. */
export type GoldDimensions = Record<
  DimensionTable,
  { path: GoldRows; rows: number }
>;

/** What gold is of. */
export interface GoldState {
  /** The last good build. */
  build: BuildInfo;
  /** Newest of min(envelope timestamp, time it came in) that the build knows of, ISO 8601. */
  watermark: string | null;
  simulated: boolean;
}

/**
 * Gold as one build left it. What it gives can't change under it, whoever builds meanwhile: an engine keeps what it gave,
 * or keeps the next build waiting. So whoever took it disposes of it as soon as may be. Disposed of, it gives nothing.
 */
export interface GoldSnapshot extends GoldState {
  /** Every day of gold with the last build that changed it, oldest first. */
  days(): Promise<Array<{ day: string; buildId: string }>>;
  /**
   * The first of these days, at least one: as many as can be taken in one go. Columns are those of docs/architecture.md
   * and `sparse` (bool). The files are there until the next export, or until the snapshot is disposed of.
   */
  export(days: string[]): Promise<GoldDays>;
  exportDimensions(): Promise<GoldDimensions>;
  /** Can be repeated. */
  dispose(): Promise<void>;
}

/** Where gold comes from. */
export interface GoldSource {
  /** Gold of the last good build; null before the first. */
  snapshot(): Promise<GoldSnapshot | null>;
}
