import type { LakeCatalog } from '@naap/lakehouse';
import { lakeLineage } from './lineage';

const CATALOG: LakeCatalog = {
  tables: async () => [],
  snapshot: async () => null,
};

describe('lakeLineage', () => {
  it.each(['commit' as const, undefined])(
    'says which step writes the tables: %s',
    async step => {
      const { nodes, parts } = await lakeLineage(CATALOG, step).read();
      const written = [
        ...nodes,
        ...parts!.filter(({ name }) => name === 'naap-lake'),
      ];
      expect(written.map(node => node.step)).toEqual(
        Array(4).fill(step ?? null),
      );
    },
  );
});
