import type { BronzeReader } from '../BronzeReader';
import type { LakeCatalog } from '../LakeCatalog';
import type { LogAppend } from './logRows';

/** A lake, and who writes to it. */
export interface LakeUnderTest {
  catalog: LakeCatalog;
  reader: BronzeReader;
  /** Commits what follows in the log of a partition: 0 unless said otherwise. */
  append(appends: LogAppend[], partition?: number): Promise<void>;
  /** Merges small files. */
  compact(): Promise<void>;
}
