import {
  type Admin,
  ConfigResourceTypes,
  type ITopicConfig,
  type Kafka,
} from 'kafkajs';
import { TOPIC } from '../topic';

const DAY_MS = 24 * 60 * 60 * 1000;
const MEGABYTE = 1024 * 1024;

/** A topic as it should be. */
export interface DeclaredTopic {
  name: string;
  partitions: number;
  /** Its settings by Kafka's names. */
  config: Readonly<Record<string, string>>;
}

/** Rows of one gate transaction have to fit into one record batch of a topic; a row is at most about twice a message. */
const MAX_BATCH_BYTES = 8 * MEGABYTE;

function topic(name: string, partitions: number, days: number): DeclaredTopic {
  return {
    name,
    partitions,
    config: {
      'cleanup.policy': 'delete',
      'retention.ms': String(days * DAY_MS),
      'compression.type': 'producer',
      'max.message.bytes': String(MAX_BATCH_BYTES),
    },
  };
}

export const EVENTS_TOPIC = 'naap.events';
export const QUARANTINE_TOPIC = 'naap.quarantine';
export const BATCHES_TOPIC = 'naap.batches';
export const DEAD_LETTERS_TOPIC = 'naap.dead-letters';
/** Where the workers of one connector agree on commits, by the table that it writes. */
export const controlTopicOf = (table: string): string =>
  `naap.connect.control.${table}`;

/** All topics of the platform. */
export const TOPICS: readonly DeclaredTopic[] = [
  topic(TOPIC, 6, 7),
  topic(EVENTS_TOPIC, 6, 7),
  topic(QUARANTINE_TOPIC, 6, 7),
  topic(BATCHES_TOPIC, 6, 7),
  topic(DEAD_LETTERS_TOPIC, 1, 30),
  ...['events', 'quarantine', 'batches'].map(table =>
    topic(controlTopicOf(table), 1, 7),
  ),
];

/** How a topic of the cluster differs from what is declared. */
export interface TopicDrift {
  topic: string;
  /** `topic` (it is missing), `partitions`, or the name of a setting. */
  what: string;
  is: string | null;
  should: string;
  /** False: only a new topic could mend it, as partitions can't be taken away. */
  canBeMended: boolean;
}

function createdAs({ name, partitions, config }: DeclaredTopic): ITopicConfig {
  return {
    topic: name,
    numPartitions: partitions,
    configEntries: Object.entries(config).map(([key, value]) => ({
      name: key,
      value,
    })),
  };
}

async function configOf(
  admin: Admin,
  names: string[],
): Promise<Map<string, Map<string, string>>> {
  if (names.length === 0) return new Map();
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map(name => ({
      type: ConfigResourceTypes.TOPIC,
      name,
    })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      new Map(
        configEntries.map(({ configName, configValue }) => [
          configName,
          configValue,
        ]),
      ),
    ]),
  );
}

/** Compares the topics of the cluster with what is declared; other topics are none of its business. Changes nothing. */
export async function topicDrift(
  admin: Admin,
  declared: readonly DeclaredTopic[],
): Promise<TopicDrift[]> {
  const existing = new Set(await admin.listTopics());
  const names = declared
    .map(({ name }) => name)
    .filter(name => existing.has(name));
  const configs = await configOf(admin, names);
  // Without names it would describe all topics.
  const { topics } = names.length
    ? await admin.fetchTopicMetadata({ topics: names })
    : { topics: [] };
  const partitionsOf = new Map(
    topics.map(({ name, partitions }) => [name, partitions.length]),
  );
  return declared.flatMap(({ name, partitions, config }) => {
    const drift = (
      what: string,
      is: string | null,
      should: string,
      canBeMended = true,
    ) => ({ topic: name, what, is, should, canBeMended });
    if (!existing.has(name)) {
      return [drift('topic', null, `${partitions} partitions`)];
    }
    const found: TopicDrift[] = [];
    const has = partitionsOf.get(name) ?? 0;
    if (has !== partitions) {
      const isMore = has < partitions;
      found.push(drift('partitions', `${has}`, `${partitions}`, isMore));
    }
    for (const [key, value] of Object.entries(config)) {
      const is = configs.get(name)?.get(key) ?? null;
      if (is !== value) found.push(drift(key, is, value));
    }
    return found;
  });
}

/** Makes the topics that are missing and mends what can be mended of the others; answers what was done about. */
export async function mendTopics(
  admin: Admin,
  declared: readonly DeclaredTopic[],
): Promise<TopicDrift[]> {
  const drift = await topicDrift(admin, declared);
  const mended = drift.filter(({ canBeMended }) => canBeMended);
  const of = (what: (drift: TopicDrift) => boolean) => {
    const names = new Set(mended.filter(what).map(one => one.topic));
    return declared.filter(({ name }) => names.has(name));
  };
  const missing = of(({ what }) => what === 'topic');
  if (missing.length > 0) {
    await admin.createTopics({
      topics: missing.map(createdAs),
      waitForLeaders: true,
    });
  }
  const narrow = of(({ what }) => what === 'partitions');
  if (narrow.length > 0) {
    await admin.createPartitions({
      topicPartitions: narrow.map(({ name, partitions }) => ({
        topic: name,
        count: partitions,
      })),
    });
  }
  const other = of(({ what }) => what !== 'topic' && what !== 'partitions');
  if (other.length > 0) {
    await admin.alterConfigs({
      validateOnly: false,
      resources: other.map(({ name, config }) => ({
        type: ConfigResourceTypes.TOPIC,
        name,
        configEntries: Object.entries(config).map(([key, value]) => ({
          name: key,
          value,
        })),
      })),
    });
  }
  return mended;
}

/** Runs something with an admin client, which is closed afterwards. */
export async function withAdmin<T>(
  kafka: Kafka,
  run: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await run(admin);
  } finally {
    await admin.disconnect();
  }
}
