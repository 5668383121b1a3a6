import type { BronzeTable } from '../LakeCatalog';
import type { LakeCallOptions, LakeWorker } from '../LakeWorker';
import { exclusivelyIn } from '../rights';

export interface CommitResult {
  /** Rows that were added. */
  committed: Record<BronzeTable, number>;
  /** First offset of the event log that is not in every table. */
  nextOffset: number;
  /** Path of the current `metadata.json` of each table. */
  metadata: Record<BronzeTable, string>;
}

export interface MaintainResult {
  /** Files that were compacted, and what they became. */
  filesBefore: number;
  filesAfter: number;
  expiredSnapshots: number;
  /** Files that nothing referenced any more. */
  removedFiles: number;
}

export interface TableDescription {
  rows: number;
  files: number;
  bytes: number;
  snapshots: number;
  nextOffset: number;
  metadata: string;
  properties: Record<string, string>;
  /** The current one; `committedAt` in unix ms. */
  snapshot: { id: string; committedAt: number } | null;
}

/** Writes to the bronze tables of one home, as the one holder of `run/lake.lock`. */
export class LakeCommitter {
  constructor(
    private readonly home: string,
    private readonly worker: LakeWorker,
  ) {}

  /** Takes the whole event log into the lake, each row exactly once. */
  commit(options?: LakeCallOptions): Promise<CommitResult> {
    return this.#write('commit', {}, options);
  }

  /**
   * Compacts small files, expires snapshots, removes unreferenced files. Call it every few minutes while commits go on.
   *
   * @param args.retentionMs - how long a superseded snapshot stays readable; 30 minutes by default
   */
  maintain(
    args: { retentionMs?: number } = {},
    options?: LakeCallOptions,
  ): Promise<Record<BronzeTable, MaintainResult>> {
    return exclusivelyIn(this.home, 'replay', () =>
      this.#write('maintain', args, options),
    );
  }

  /** What the tables hold; a table that was never committed to is absent. */
  async describe(): Promise<Partial<Record<BronzeTable, TableDescription>>> {
    const { tables } = await this.worker.call<{
      tables: Partial<Record<BronzeTable, TableDescription>>;
    }>('describe', { home: this.home });
    return tables;
  }

  #write<R>(op: string, args: object, options?: LakeCallOptions): Promise<R> {
    return exclusivelyIn(this.home, 'lake', () =>
      this.worker.call<R>(op, { home: this.home, ...args }, options),
    );
  }
}
