import type { BronzeReader } from './BronzeReader';
import type { LakeCatalog } from './LakeCatalog';

/** What is read of the lake. */
export interface Lake {
  catalog: LakeCatalog;
  reader: BronzeReader;
}
