import type { BronzeTable } from '../LakeCatalog';
import type { LakeSettings } from '../LakeSettings';
import type { LakeCallOptions, LakeWorker } from '../LakeWorker';
import type { TrinoSettings } from '../TrinoSettings';
import type { MaintainResult } from './LakeCommitter';

/** Something of a bronze table that is not as it is declared. */
export interface TableDifference {
  of: 'table' | 'column' | 'partitions' | 'order' | 'property';
  name: string;
  found: string | null;
  declared: string | null;
  /** By hand: what files that are written already would have to follow. */
  mend: 'done' | 'possible' | 'by hand';
}

/** The bronze tables of a lake that others write: made for them, and kept. */
export class SharedLake {
  constructor(
    private readonly lake: LakeSettings,
    private readonly worker: LakeWorker,
  ) {}

  /** What is not as declared, by table, without touching it. */
  async tableDrift(): Promise<Record<BronzeTable, TableDifference[]>> {
    return this.#tables(true);
  }

  /** Makes the tables that lack, and mends the others as far as their files allow; the same list, with what was done. */
  async applyTables(): Promise<Record<BronzeTable, TableDifference[]>> {
    return this.#tables(false);
  }

  /** As `LakeCommitter.maintain`, beside whoever writes: what overtakes it is not lost. */
  maintain(
    args: { retentionMs?: number } = {},
    options?: LakeCallOptions,
  ): Promise<Record<BronzeTable, MaintainResult>> {
    return this.worker.call('maintain', { lake: this.lake, ...args }, options);
  }

  /** The same of silver and gold, by the Trino that makes them. Never beside a build; no row changes. */
  maintainWarehouse(
    trino: TrinoSettings,
    args: { retentionMs?: number } = {},
    options?: LakeCallOptions,
  ): Promise<Record<string, MaintainResult>> {
    const place = { lake: this.lake, trino };
    return this.worker.call(
      'maintain_warehouse',
      { ...place, ...args },
      options,
    );
  }

  async #tables(check: boolean) {
    const { tables } = await this.worker.call<{
      tables: Record<BronzeTable, TableDifference[]>;
    }>('tables', { lake: this.lake, check });
    return tables;
  }
}
