import type { LakeSettings } from './LakeSettings';
import type { LakeCallOptions, LakeWorker } from './LakeWorker';

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

/** Offsets of a partition, from one on and before another. */
export interface OffsetRange {
  topic: string;
  partition: number;
  from: number;
  to: number;
}

/**
 * Whether the lake has each message of the topics of Kafka that it was filled from, and none twice. Reads the coordinates of all
 * rows. What came in within the last hour is not judged.
 *
 * @param ranges - only batches that read any of these, and these at any age
 */
export async function compareCoordinates(
  worker: LakeWorker,
  place: LakePlace,
  { ranges, ...options }: LakeCallOptions & { ranges?: OffsetRange[] } = {},
): Promise<PartitionCoordinates[]> {
  const args = ranges ? { ...place, ranges, settledMs: 0 } : place;
  const { partitions } = await worker.call<{
    partitions: PartitionCoordinates[];
  }>('coordinates', args, options);
  return partitions;
}
