import type { LakePlace } from '../coordinates';
import {
  BRONZE_TABLES,
  type BronzeTable,
  type LakeCatalog,
  type LakeTable,
  type TableSnapshot,
} from '../LakeCatalog';
import type { LakeWorker } from '../LakeWorker';
import type { TableDescription } from './LakeCommitter';

/** The catalog that PyIceberg opens, whichever it is. The worker is its own: elsewhere it would wait for what runs there. */
export class PyIcebergLakeCatalog implements LakeCatalog {
  constructor(
    private readonly place: LakePlace,
    private readonly worker: LakeWorker,
  ) {}

  async tables(): Promise<LakeTable[]> {
    const found = await this.#describe();
    return BRONZE_TABLES.flatMap(name => {
      const table = found[name];
      return table ? [{ name, properties: table.properties }] : [];
    });
  }

  async snapshot(table: BronzeTable): Promise<TableSnapshot | null> {
    const found = (await this.#describe())[table];
    if (!found?.snapshot) return null;
    return {
      id: found.snapshot.id,
      rows: found.rows,
      committedAt: new Date(found.snapshot.committedAt).toISOString(),
    };
  }

  async #describe() {
    const { tables } = await this.worker.call<{
      tables: Partial<Record<BronzeTable, TableDescription>>;
    }>('describe', this.place);
    return tables;
  }
}
