import {
  type KafkaSettings,
  KafkaSettingsError,
  readKafkaSettings,
  type TopicPlace,
  type TopicRange,
} from '@naap/ingestion';
import { readFile } from 'node:fs/promises';
import { UsageError } from './errors';

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
 * What the options say, and of the environment who asks: secrets are no options.
 *
 * @throws UsageError
 */
export async function readKafkaTopic(
  { kafka = '', topic, from, to }: KafkaOptions,
  env: NodeJS.ProcessEnv,
): Promise<KafkaTopic> {
  if (!topic) throw new UsageError('--kafka needs --topic');
  const {
    NAAP_KAFKA_CA: ca,
    NAAP_KAFKA_MECHANISM: mechanism = 'plain',
    NAAP_KAFKA_USERNAME: username,
    NAAP_KAFKA_PASSWORD: password,
    NAAP_KAFKA_TLS: tls,
  } = env;
  try {
    const settings = readKafkaSettings({
      brokers: kafka.split(','),
      ...(tls === '1' && { ssl: true }),
      ...(ca && { ssl: { ca: await readFile(ca, 'utf8') } }),
      ...(username && { sasl: { mechanism, username, password } }),
    });
    const places = { from: toPlace('--from', from), to: toPlace('--to', to) };
    return { settings, range: { topic, ...places } };
  } catch (error) {
    if (error instanceof KafkaSettingsError) {
      throw new UsageError(error.message.replace('naap.ingestion.', ''));
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code) throw new UsageError(`can't read ${ca} (${code})`);
    throw error;
  }
}
