import { Database } from './database';
import { KpiReaders } from './KpiReader';
import { Publications } from './publications';

/** A ClickHouse that is open, its tables up to date, with what depends on where it runs. */
export interface Engine {
  /** For the sync. */
  database: Database;
  /** The same, for what readers ask: few at once, others wait or are refused with a BusyError. */
  questions: Database;
  publications: Publications;
  readers: KpiReaders;
}
