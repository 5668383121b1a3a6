import type { Admin, SeekEntry } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';

/** A partition that is new, or whose broker has changed, has no leader for a moment. */
const WITHOUT_LEADER = ['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE'];
const WAITS_MS = [50, 100, 200, 400, 800, 1_600, 3_200];

async function onceLed<T>(ask: () => Promise<T>): Promise<T> {
  for (const waitMs of WAITS_MS) {
    try {
      return await ask();
    } catch (error) {
      if (!WITHOUT_LEADER.includes((error as { type?: string }).type ?? '')) {
        throw error;
      }
      await delay(waitMs);
    }
  }
  return ask();
}

/** Where the partitions of a topic begin and end. kafkajs gives up at once where one has no leader yet. */
export function topicOffsets(
  admin: Admin,
  topic: string,
): ReturnType<Admin['fetchTopicOffsets']> {
  return onceLed(() => admin.fetchTopicOffsets(topic));
}

/** The first offset of each partition from a time on, Unix ms; its end where there is none. */
export function offsetsOfTime(
  admin: Admin,
  topic: string,
  time: number,
): Promise<SeekEntry[]> {
  return onceLed(() => admin.fetchTopicOffsetsByTimestamp(topic, time));
}
