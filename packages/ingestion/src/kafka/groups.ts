import type { Admin } from 'kafkajs';
import { topicOffsets } from './offsets';

/** A group that reads a topic. */
export interface Reader {
  group: string;
  topic: string;
}

/** A group that nobody has committed an offset for: whoever is the first of it may begin at the end of the topic. */
export interface GroupDrift extends Reader {
  what: 'offset';
  is: null;
  should: 'the beginning';
}

async function hasOffsets(
  admin: Admin,
  { group, topic }: Reader,
): Promise<boolean> {
  const [{ partitions }] = await admin.fetchOffsets({
    groupId: group,
    topics: [topic],
  });
  return partitions.every(({ offset }) => Number(offset) >= 0);
}

/** Tells which groups have no offset yet. Changes nothing. */
export async function groupDrift(
  admin: Admin,
  readers: readonly Reader[],
): Promise<GroupDrift[]> {
  const drift: GroupDrift[] = [];
  for (const reader of readers) {
    if (await hasOffsets(admin, reader)) continue;
    drift.push({
      ...reader,
      what: 'offset',
      is: null,
      should: 'the beginning',
    });
  }
  return drift;
}

/**
 * Lets groups that have no offset yet begin at the beginning, whatever their members would do; answers which.
 *
 * @throws KafkaJSNonRetriableError when one has members already
 */
export async function beginGroups(
  admin: Admin,
  readers: readonly Reader[],
): Promise<GroupDrift[]> {
  const drift = await groupDrift(admin, readers);
  for (const { group, topic } of drift) {
    const offsets = await topicOffsets(admin, topic);
    await admin.setOffsets({
      groupId: group,
      topic,
      partitions: offsets.map(({ partition, low }) => ({
        partition,
        offset: low,
      })),
    });
  }
  return drift;
}
