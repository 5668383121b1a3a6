import { randomUUID } from 'node:crypto';
import type { IHeaders, Kafka, KafkaMessage } from 'kafkajs';
import { DEAD_LETTERS_TOPIC } from './topics';
import { topicRanges } from './topicRanges';

/** Of a record, so much is shown. */
const HEAD_BYTES = 1024;
/** A topic that ends is read within seconds; who reads it meanwhile gets nothing more. */
const TIMEOUT_MS = 15_000;

/** A record that a connector could not read, and why: what its headers say. */
export interface DeadLetter {
  /** Where it lies among the dead letters. */
  partition: number;
  offset: bigint;
  /** When it came there, Unix ms. */
  at: number;
  connector: string | null;
  /** Where it lies in the topic that the connector reads. */
  source: { topic: string; partition: number; offset: bigint } | null;
  /** What the connector was at, such as `VALUE_CONVERTER`. */
  stage: string | null;
  /** Class of the error. */
  error: string | null;
  /** May hold a piece of the record. */
  message: string | null;
  /** The first kilobyte of it. */
  head: Buffer;
  length: number;
}

export interface DeadLetters {
  /** How many are kept. */
  total: number;
  /** The newest of them, newest first. */
  letters: DeadLetter[];
}

const WHOLE_NUMBER = /^\d{1,19}$/;

/** Text of a header that Connect writes. */
function header(headers: IHeaders | undefined, name: string): string | null {
  const value = headers?.[`__connect.errors.${name}`];
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined ? null : String(first);
}

function letterOf(
  partition: number,
  { offset, timestamp, value, headers }: KafkaMessage,
): DeadLetter {
  const record = value ?? Buffer.alloc(0);
  const topic = header(headers, 'topic');
  const [from, at] = ['partition', 'offset'].map(name => {
    const text = header(headers, name);
    return text !== null && WHOLE_NUMBER.test(text) ? BigInt(text) : null;
  });
  return {
    partition,
    offset: BigInt(offset),
    at: Number(timestamp),
    connector: header(headers, 'connector.name'),
    source:
      topic === null || from === null || at === null
        ? null
        : { topic, partition: Number(from), offset: at },
    stage: header(headers, 'stage'),
    error: header(headers, 'exception.class.name'),
    message: header(headers, 'exception.message'),
    head: Buffer.from(record.subarray(0, HEAD_BYTES)),
    length: record.length,
  };
}

/** The newest records that connectors could not read; nothing is read where there are none. */
export async function readDeadLetters(
  kafka: Kafka,
  limit: number,
  topic: string = DEAD_LETTERS_TOPIC,
): Promise<DeadLetters> {
  const ranges = await topicRanges(kafka, [topic]);
  const total = ranges.reduce(
    (sum, { low, end }) => sum + Number(end - low),
    0,
  );
  const open = new Map(
    ranges
      .filter(({ low, end }) => low < end)
      .map(({ partition, low, end }) => {
        const first = end - BigInt(limit);
        return [partition, { from: first > low ? first : low, end }];
      }),
  );
  if (open.size === 0 || limit === 0) return { total, letters: [] };
  const letters: DeadLetter[] = [];
  const groupId = `naap-dead-letters-${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    retry: { retries: 1 },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(resolve, TIMEOUT_MS);
      consumer.on(consumer.events.CRASH, ({ payload }) =>
        reject(payload.error),
      );
      consumer
        .run({
          autoCommit: false,
          eachBatch: async ({ batch: { partition, messages } }) => {
            const part = open.get(partition);
            for (const message of messages) {
              const offset = BigInt(message.offset);
              if (!part || offset < part.from || offset >= part.end) continue;
              letters.push(letterOf(partition, message));
            }
            const last = messages.at(-1);
            if (!part || !last || BigInt(last.offset) + 1n < part.end) return;
            open.delete(partition);
            if (open.size === 0) resolve();
          },
        })
        .catch(reject);
      for (const [partition, { from }] of open) {
        consumer.seek({ topic, partition, offset: `${from}` });
      }
    });
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
    const admin = kafka.admin({ retry: { retries: 1 } });
    await admin.connect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }
  letters.sort((one, other) => other.at - one.at || compare(one, other));
  return { total, letters: letters.slice(0, limit) };
}

function compare(one: DeadLetter, other: DeadLetter): number {
  return Number(other.offset - one.offset);
}
