import { randomUUID } from 'node:crypto';
import type { Kafka, SeekEntry } from 'kafkajs';
import { connectKafka } from '../connection';
import { withAdmin } from '../topics';
import { topicOffsets } from '../offsets';

/** A client of the broker that tests run against: `./naap test kafka`. */
export function testKafka(): Kafka {
  const brokers = process.env.NAAP_TEST_KAFKA;
  if (!brokers) {
    throw new Error(
      'these tests need a broker: NAAP_TEST_KAFKA=host:port ./naap test kafka',
    );
  }
  return connectKafka({ brokers: brokers.split(',') });
}

/** A name that nobody has yet. */
export const freshName = (what: string) => `test.${what}.${randomUUID()}`;

/** The topic with its partitions empty, whether it was there or not. */
export async function makeTopic(
  kafka: Kafka,
  topic: string,
  numPartitions = 1,
  config: Record<string, string> = {},
): Promise<void> {
  await withAdmin(kafka, admin =>
    admin.createTopics({
      topics: [
        {
          topic,
          numPartitions,
          configEntries: Object.entries(config).map(([name, value]) => ({
            name,
            value,
          })),
        },
      ],
      waitForLeaders: true,
    }),
  );
}

/** Where a topic ends, partition by partition: others may have filled it before. */
export function endsOf(kafka: Kafka, topic: string): Promise<SeekEntry[]> {
  return withAdmin(kafka, async admin =>
    (await topicOffsets(admin, topic)).map(({ partition, high }) => ({
      partition,
      offset: high,
    })),
  );
}

/** What transactions that were committed left in a topic, from `since` on until `done` says that it is all. */
export async function readTopic<T>(
  kafka: Kafka,
  topic: string,
  since: readonly SeekEntry[],
  done: (rows: readonly T[]) => boolean,
): Promise<T[]> {
  const consumer = kafka.consumer({ groupId: freshName('reader') });
  const rows: T[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      if (done(rows)) resolve();
      consumer
        .run({
          eachMessage: async ({ message }) => {
            rows.push(JSON.parse(String(message.value)));
            if (done(rows)) resolve();
          },
        })
        .catch(reject);
      for (const place of since) consumer.seek({ topic, ...place });
    });
    return rows;
  } finally {
    await consumer.disconnect();
  }
}
