import type { Batch } from 'kafkajs';
import type { SourceRecords } from '../eventlog/SourceRecords';

/** A record without a value, such as a tombstone, is an empty message: it is rejected, and counted, as any that is none. */
const NOTHING = Buffer.alloc(0);

/** The messages of a batch from an offset on, and where they lie. */
export function recordsOf(
  batch: Pick<Batch, 'topic' | 'partition' | 'messages' | 'lastOffset'>,
  from: bigint,
): { messages: Buffer[]; records: SourceRecords & { nextOffset: bigint } } {
  const offsets: bigint[] = [];
  const messages: Buffer[] = [];
  for (const { offset, value } of batch.messages) {
    const at = BigInt(offset);
    if (at < from) continue;
    offsets.push(at);
    messages.push(value ?? NOTHING);
  }
  const { topic, partition } = batch;
  const nextOffset = BigInt(batch.lastOffset()) + 1n;
  return { messages, records: { topic, partition, offsets, nextOffset } };
}
