import type { KafkaSettings, TopicPlace, TopicRange } from '@naap/ingestion';
import { UsageError } from './errors';
import { readKafkaCluster } from './kafkaCluster';

export interface KafkaOptions {
  /** Brokers, with commas between them. */
  kafka?: string;
  topic?: string;
  from: string;
  to: string;
}

/** A topic to read once, and the cluster that has it. */
export interface KafkaTopic {
  settings: KafkaSettings;
  range: TopicRange;
}

/** @throws UsageError */
export function toPlace(option: string, text: string): TopicPlace {
  if (text === 'earliest' || text === 'latest') return text;
  if (/^\d{1,18}$/.test(text)) return { offset: BigInt(text) };
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return { time };
  throw new UsageError(
    `${option} is '${text}'; use earliest, latest, an offset or an ISO 8601 time`,
  );
}

/**
 * What the options say, and of the environment who asks.
 *
 * @throws UsageError
 */
export async function readKafkaTopic(
  { kafka = '', topic, from, to }: KafkaOptions,
  env: NodeJS.ProcessEnv,
): Promise<KafkaTopic> {
  if (!topic) throw new UsageError('--kafka needs --topic');
  const settings = await readKafkaCluster(kafka, env);
  const places = { from: toPlace('--from', from), to: toPlace('--to', to) };
  return { settings, range: { topic, ...places } };
}
