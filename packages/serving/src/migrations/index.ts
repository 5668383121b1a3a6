import { gold } from './0001_gold';
import { state } from './0002_state';
import { supply } from './0003_supply';
import { scrapes } from './0004_scrapes';
import { gpuIds } from './0005_gpu_ids';
import { sparseDays } from './0006_sparse_days';
import { secondContract } from './0007_second_contract';
import { ingestCounts } from './0008_ingest_counts';
import { operators } from './0009_operators';
import { fiveMinutes } from './0010_five_minutes';
import { Migration } from './migration';

export type { Migration } from './migration';

/** All migrations, in the order in which they are applied. */
export const migrations: Migration[] = [
  gold,
  state,
  supply,
  scrapes,
  gpuIds,
  sparseDays,
  secondContract,
  ingestCounts,
  operators,
  fiveMinutes,
];
