import type { LakeSettings } from './LakeSettings';
import { type LakeCallOptions, LakeWorker } from './LakeWorker';

/** Where a lake is: in a home, or where others share it. */
export type LakePlace = { home: string } | { lake: LakeSettings };

/** What batches of a partition of a topic of Kafka say they read, beside the rows that the lake has of them. */
export interface PartitionCoordinates {
  topic: string;
  partition: number;
  batches: number;
  /** Messages that batches say they read. */
  read: number;
  /** Offset after the last batch. */
  reached: number;
  /** Offsets between batches: also marks of transactions, and what the topic dropped before it was read. */
  gaps: number;
  /** Offsets that two batches read. */
  overlaps: number;
  /** Messages that the lake has again, as rows too many. */
  repeated: number;
  /** Messages that were read and are not there. */
  missing: number;
  /** Messages that are there beyond what was read. */
  surplus: number;
}

/** Compares a lake with the coordinates that its messages had in Kafka. */
export class LakeComparer {
  constructor(private readonly place: LakePlace) {}

  /**
   * Whether the lake has each message of the topics of Kafka that it was filled from, and none twice. Reads the coordinates of
   * all rows. What came in within the last hour is not judged.
   *
   * @throws LakeWorkerError; the reason of `signal` when it aborts
   */
  async compare(options?: LakeCallOptions): Promise<PartitionCoordinates[]> {
    // One of its own: commits do not wait for it, and its memory goes with it.
    const worker = new LakeWorker();
    try {
      const { partitions } = await worker.call<{
        partitions: PartitionCoordinates[];
      }>('coordinates', this.place, options);
      return partitions;
    } finally {
      await worker.stop();
    }
  }
}
