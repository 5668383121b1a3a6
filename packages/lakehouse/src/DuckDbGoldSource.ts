import { WAREHOUSE_LOCK, WAREHOUSE_WAIT_MS } from './dbt/DbtRunner';
import type { LakeWorker } from './LakeWorker';
import { withLock } from './lock';

type Parquet = { path: string; rows: number };

type DayTable =
  | 'fct_requests'
  | 'kpi_hourly'
  | 'kpi_latency_hourly'
  | 'scrape_hourly'
  | 'scrape_latency_hourly'
  | 'scrape_readings_hourly'
  | 'supply_hourly'
  | 'supply_hours'
  | 'fct_swaps';

/** Days of gold on disk: what each holds, with the sums of the columns that a reader should check, and files of all. */
export interface ExportedDays {
  days: Array<{
    day: string;
    buildId: string;
    /** Whether it holds little: its rows say so too, in the column `sparse`. */
    sparse: boolean;
    tables: Record<DayTable, { rows: number; sums: Record<string, number> }>;
  }>;
  /** Parquet. */
  files: Record<DayTable, string[]>;
}

type Dimensions = Record<
  | 'dim_orchestrators'
  | 'dim_models'
  | 'dim_gpus'
  | 'dim_deploys'
  | 'dim_contested_urls',
  Parquet
>;

export interface GoldState {
  build: {
    id: string;
    /** When the build finished, ISO 8601. */
    at: string;
    tests: { passed: number; failed: number; warned: number };
  };
  watermark: string | null;
  simulated: boolean;
}

/** Gold of the embedded profile: the DuckDB file of one home, exported by the worker that owns it. */
export class DuckDbGoldSource {
  constructor(
    private readonly home: string,
    private readonly worker: LakeWorker,
  ) {}

  /** The last good build, or null before the first. */
  async state(): Promise<GoldState | null> {
    return (await this.#export<{ state: GoldState | null }>('state')).state;
  }

  /** Every day of gold with the last build that changed it, oldest first. */
  async days(): Promise<Array<{ day: string; buildId: string }>> {
    type Days = { builds: Array<{ day: string; buildId: string }> };
    return (await this.#export<Days>('builds')).builds;
  }

  /**
   * Writes the first of these days (YYYY-MM-DD), at least one, as many as hold few enough rows to be taken in one go;
   * a later export overwrites them.
   */
  async exportDays(days: string[]): Promise<ExportedDays> {
    return this.#export<ExportedDays>('days', { days });
  }

  async exportDimensions(): Promise<Dimensions> {
    return (await this.#export<{ tables: Dimensions }>('dimensions')).tables;
  }

  #export<T>(what: string, args: object = {}): Promise<T> {
    return withLock(
      this.home,
      WAREHOUSE_LOCK,
      () => this.worker.call<T>('export', { home: this.home, what, ...args }),
      { waitMs: WAREHOUSE_WAIT_MS },
    );
  }
}
