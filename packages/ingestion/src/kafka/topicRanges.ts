import type { Kafka } from 'kafkajs';
import { topicOffsets } from './offsets';

/** Who looks waits for the answer: a broker that is away is not asked for long. */
const RETRY = { retries: 1 };

/** Where a partition of a topic begins and ends. */
export interface TopicRangeNow {
  topic: string;
  partition: number;
  /** Of the first record that is kept. */
  low: bigint;
  /** After the last one. */
  end: bigint;
}

/** Where the partitions of topics begin and end; none of topics that are not there. */
export async function topicRanges(
  kafka: Kafka,
  topics: readonly string[],
): Promise<TopicRangeNow[]> {
  const admin = kafka.admin({ retry: RETRY });
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const ranges = await Promise.all(
      topics
        .filter(topic => existing.has(topic))
        .map(async topic =>
          (
            await topicOffsets(admin, topic)
          ).map(({ partition, low, high }) => ({
            topic,
            partition,
            low: BigInt(low),
            end: BigInt(high),
          })),
        ),
    );
    return ranges.flat();
  } finally {
    await admin.disconnect();
  }
}
