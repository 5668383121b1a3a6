import { partitionOf, type Positions } from '../positions';

/** Where the messages of an append lie in a partition of a topic of Kafka. */
export interface SourceRecords {
  topic: string;
  partition: number;
  /** Of each message, ascending. */
  offsets: readonly bigint[];
  /** Where the partition goes on after them: what lies between is no message. Null: the log is not with all below them. */
  nextOffset: bigint | null;
}

/** The part of them that is of the messages from `start` to before `end`; the last one moves to where the partition goes on. */
export function sliceOf(
  records: SourceRecords,
  start: number,
  end: number,
): SourceRecords {
  const { offsets } = records;
  return {
    ...records,
    offsets: offsets.slice(start, end),
    nextOffset: records.nextOffset && (offsets[end] ?? records.nextOffset),
  };
}

/** How far batches of the log say that each partition is, as they are read; a later one stands over those before it. */
export class SourcePositions {
  #positions: Map<string, bigint>;

  constructor(positions: Positions = new Map()) {
    this.#positions = new Map(positions);
  }

  move(topic: string, partition: number, nextOffset: bigint): void {
    this.#positions.set(partitionOf(topic, partition), nextOffset);
  }

  /** A copy. */
  get all(): Positions {
    return new Map(this.#positions);
  }
}
