import { WAREHOUSE_LOCK, WAREHOUSE_WAIT_MS } from './DbtRunner';
import type { LakeWorker } from './LakeWorker';
import { withLock } from './lock';

type Parquet = { path: string; rows: number };

/** One day of gold on disk: a Parquet file per table, with the sums of the columns that a reader should check. */
export interface ExportedDay {
  day: string;
  buildId: string;
  tables: Record<
    | 'fct_requests'
    | 'kpi_hourly'
    | 'kpi_latency_hourly'
    | 'scrape_hourly'
    | 'scrape_latency_hourly'
    | 'scrape_readings_hourly'
    | 'supply_hourly'
    | 'fct_swaps',
    Parquet & { sums: Record<string, number> }
  >;
}

type Dimensions = Record<
  'dim_orchestrators' | 'dim_models' | 'dim_gpus' | 'dim_deploys',
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
    type Days = { days: Array<{ day: string; buildId: string }> };
    return (await this.#export<Days>('days')).days;
  }

  /** Writes one day (YYYY-MM-DD); a later export of the day overwrites it. */
  async exportDay(day: string): Promise<ExportedDay> {
    return (await this.#export<{ day: ExportedDay }>('day', { day })).day;
  }

  async exportDimensions(): Promise<Dimensions> {
    return (await this.#export<{ tables: Dimensions }>('dimensions')).tables;
  }

  /** Removes the exported files. */
  async clean(): Promise<void> {
    await this.#export('clean');
  }

  #export<T>(what: string, args: Record<string, string> = {}): Promise<T> {
    return withLock(
      this.home,
      WAREHOUSE_LOCK,
      () => this.worker.call<T>('export', { home: this.home, what, ...args }),
      { waitMs: WAREHOUSE_WAIT_MS },
    );
  }
}
