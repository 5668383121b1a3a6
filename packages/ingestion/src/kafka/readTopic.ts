import { randomUUID } from 'node:crypto';
import type { Admin, Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { addCounts, type IngestCounts, noCounts } from '../counts';
import type { AppendOptions } from '../eventlog/EventLog';
import { KAFKA_SOURCE, kafkaReason } from './connection';
import { isUnknownTopic } from './KafkaSource';
import { recordsOf } from './records';
import { offsetsOfTime, topicOffsets } from './offsets';

/** A place in every partition of a topic: an offset, the first record of a time, or one of its ends. */
export type TopicPlace =
  | { offset: bigint }
  /** Unix ms. */
  | { time: number }
  | 'earliest'
  | 'latest';

export interface TopicRange {
  topic: string;
  from: TopicPlace;
  /** Before this; `latest`: where each partition ends as the reading begins. */
  to: TopicPlace;
}

/** A topic that could not be read to where it was asked for. */
export class ReadTopicError extends Error {
  readonly name = 'ReadTopicError';

  constructor(
    message: string,
    /** What is durable nevertheless. */
    readonly counts: IngestCounts,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What is left to read of one partition. */
interface Part {
  next: bigint;
  /** Not read any more. */
  end: bigint;
}

const smaller = (one: bigint, other: bigint) => (one < other ? one : other);
const larger = (one: bigint, other: bigint) => (one > other ? one : other);

async function partsOf(
  admin: Admin,
  { topic, from, to }: TopicRange,
): Promise<Map<number, Part>> {
  const held = await topicOffsets(admin, topic);
  const placed = async (place: TopicPlace) => {
    if (typeof place !== 'object' || !('time' in place)) return undefined;
    const found = await offsetsOfTime(admin, topic, place.time);
    return new Map(found.map(one => [one.partition, BigInt(one.offset)]));
  };
  const [begins, ends] = [await placed(from), await placed(to)];
  const parts = new Map<number, Part>();
  for (const { partition, low, high } of held) {
    const at = (place: TopicPlace, times?: Map<number, bigint>) => {
      if (place === 'earliest') return BigInt(low);
      if (place === 'latest') return BigInt(high);
      return 'offset' in place
        ? place.offset
        : times?.get(partition) ?? BigInt(high);
    };
    const next = larger(at(from, begins), BigInt(low));
    const end = smaller(at(to, ends), BigInt(high));
    if (next < end) parts.set(partition, { next, end });
  }
  return parts;
}

/**
 * Reads a part of a topic into the log, once. What the log is with a topic that it reads by itself stays as it is:
 * what both bring is a duplicate.
 *
 * @throws ReadTopicError when it breaks off; read again, what is durable only makes duplicates
 */
export async function readTopic(
  kafka: Kafka,
  range: TopicRange,
  log: {
    append(
      messages: readonly Buffer[],
      source: string,
      options: AppendOptions,
    ): Promise<IngestCounts>;
  },
  options: {
    onProgress: (counts: IngestCounts) => void;
    /** Ends it after what is under way. */
    signal: AbortSignal;
  },
): Promise<IngestCounts> {
  const { topic } = range;
  const counts = noCounts();
  const admin = kafka.admin({ retry: { retries: 2 } });
  const groupId = `naap-ingest-${randomUUID()}`;
  let consumer: Consumer | undefined;
  try {
    await admin.connect();
    const parts = await partsOf(admin, range);
    if (parts.size === 0) return counts;
    consumer = kafka.consumer({
      groupId,
      allowAutoTopicCreation: false,
      retry: { retries: 2 },
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      read(consumer as Consumer, topic, parts, { resolve, reject }, take);
      options.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    return counts;
  } catch (error) {
    const reason = isUnknownTopic(error)
      ? 'the broker has no such topic'
      : kafkaReason(error);
    throw new ReadTopicError(
      `${counts.read} messages of ${topic} are kept (read again they only make duplicates), the rest is not: ${reason}`,
      counts,
      { cause: error },
    );
  } finally {
    await consumer?.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }

  async function take({ batch, heartbeat }: EachBatchPayload, part: Part) {
    const { messages, records } = recordsOf(batch, part.next);
    const count = records.offsets.filter(offset => offset < part.end).length;
    if (count === 0) return;
    const offsets = records.offsets.slice(0, count);
    const appended = await log.append(messages.slice(0, count), KAFKA_SOURCE, {
      records: { ...records, offsets, nextOffset: null },
    });
    part.next = offsets[count - 1] + 1n;
    addCounts(counts, appended);
    options.onProgress(counts);
    await heartbeat();
  }
}

/** Runs a consumer until all parts are read. */
function read(
  consumer: Consumer,
  topic: string,
  parts: Map<number, Part>,
  done: { resolve(): void; reject(error: unknown): void },
  take: (payload: EachBatchPayload, part: Part) => Promise<void>,
): void {
  const { GROUP_JOIN, END_BATCH_PROCESS, CRASH } = consumer.events;
  consumer.on(GROUP_JOIN, ({ payload }) => {
    for (const partition of payload.memberAssignment[topic] ?? []) {
      const part = parts.get(partition);
      if (part) consumer.seek({ topic, partition, offset: `${part.next}` });
      else consumer.pause([{ topic, partitions: [partition] }]);
    }
  });
  consumer.on(END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
    // Also where a partition ends with the marker of a transaction, which is no message.
    const end = parts.get(partition)?.end;
    if (end === undefined || BigInt(lastOffset) + 1n < end) return;
    parts.delete(partition);
    consumer.pause([{ topic, partitions: [partition] }]);
    if (parts.size === 0) done.resolve();
  });
  consumer.on(CRASH, ({ payload }) => done.reject(payload.error));
  consumer
    .run({
      autoCommit: false,
      async eachBatch(payload) {
        const part = parts.get(payload.batch.partition);
        if (!part) return;
        // Whatever fails here ends it: kafkajs would try it again.
        await take(payload, part).catch(error => {
          done.reject(error);
          throw error;
        });
      },
    })
    .catch(done.reject);
}
