import { bronzeReaderContract } from './bronzeReaderContract';
import { lakeCatalogContract } from './lakeCatalogContract';
import type { LakeUnderTest } from './LakeUnderTest';
import { MemoryLake } from './MemoryLake';

async function open(): Promise<LakeUnderTest> {
  const lake = new MemoryLake();
  return {
    catalog: lake,
    reader: lake,
    append: async (appends, partition) => lake.append(appends, partition),
    compact: async () => {},
  };
}

describe('a reader in memory', () => {
  bronzeReaderContract(open);
});
describe('a catalog in memory', () => {
  lakeCatalogContract(open);
});
