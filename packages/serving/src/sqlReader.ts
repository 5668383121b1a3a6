import { sqlAvailability } from './availabilityQuery';
import { Database } from './database';
import { sqlGroups } from './groupQuery';
import { KpiReader, KpiReaders } from './KpiReader';
import { sqlRequests } from './requestQuery';
import { sqlSupply } from './supplyQuery';
import { sqlSwaps } from './swapQuery';

/** Answers that ClickHouse computes. */
export function sqlReader(database: Database): KpiReader {
  return {
    groups: sqlGroups(database),
    requests: sqlRequests(database),
    supply: sqlSupply(database),
    swaps: sqlSwaps(database),
    availability: sqlAvailability(database),
  };
}

/** ClickHouse reads what its tables hold, and keeps nothing. */
export function sqlReaders(reader: KpiReader): KpiReaders {
  return { at: () => reader, refresh: async () => {}, dropUnused: () => {} };
}
