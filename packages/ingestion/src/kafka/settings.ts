import { SettingsError } from '@naap/system';
import type { KafkaSettings } from './connection';
import type { KafkaSourceSettings } from './KafkaSource';
import type { StartAt } from './startOf';

const KEY = 'naap.ingestion.kafka';
const GROUP = 'naap';
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const PEMS = ['ca', 'cert', 'key', 'servername'] as const;
/** As Kafka has them. */
const TOPIC_NAME = /^[a-zA-Z0-9._-]{1,249}$/;
const BROKER = /^[^\s/]+:\d{1,5}$/;

/** A setting that can't be used: says which, and what to write instead. */
export class KafkaSettingsError extends SettingsError {
  override readonly name = 'KafkaSettingsError';
}

type Fields = Record<string, unknown>;

function wrong(key: string, instead: string): KafkaSettingsError {
  return new KafkaSettingsError(`${key}: ${instead}`);
}

function fieldsOf(value: unknown, key: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong(key, 'use an object');
  }
  return value as Fields;
}

function listOf(value: unknown, key: string, of: RegExp, example: string) {
  const isList =
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(one => typeof one === 'string' && of.test(one));
  if (!isList) throw wrong(key, `use a list such as [${example}]`);
  return [...new Set(value as string[])];
}

function textOf(value: unknown, key: string): string {
  if (typeof value !== 'string' || value === '') {
    throw wrong(key, 'use a text that is not empty');
  }
  return value;
}

/**
 * Where reading begins: `earliest`, `latest` or an ISO 8601 time.
 *
 * @throws KafkaSettingsError
 */
export function toStartAt(text: string, key: string): StartAt {
  if (text === 'earliest' || text === 'latest') return text;
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw wrong(key, `is '${text}'; use earliest, latest or an ISO 8601 time`);
  }
  return time;
}

function sslOf(value: unknown, key: string): KafkaSettings['ssl'] {
  if (typeof value === 'boolean' || value === undefined) return value;
  const given = fieldsOf(value, key);
  return Object.fromEntries(
    PEMS.filter(name => given[name] !== undefined).map(name => [
      name,
      textOf(given[name], `${key}.${name}`),
    ]),
  );
}

function saslOf(value: unknown, key: string): KafkaSettings['sasl'] {
  if (value === undefined) return undefined;
  const given = fieldsOf(value, key);
  const mechanism = MECHANISMS.find(one => one === given.mechanism);
  if (!mechanism) {
    throw wrong(`${key}.mechanism`, `use ${MECHANISMS.join(', ')}`);
  }
  return {
    mechanism,
    username: textOf(given.username, `${key}.username`),
    password: textOf(given.password, `${key}.password`),
  };
}

/**
 * Reads how a cluster is reached, as plain JSON of the configuration.
 *
 * @param key - where it stands there, for the messages of errors
 * @throws KafkaSettingsError
 */
export function readKafkaSettings(config: unknown, key = KEY): KafkaSettings {
  const given = fieldsOf(config, key);
  const brokers = listOf(
    given.brokers,
    `${key}.brokers`,
    BROKER,
    'kafka.example:9092',
  );
  const ssl = sslOf(given.ssl, `${key}.ssl`);
  const sasl = saslOf(given.sasl, `${key}.sasl`);
  return { brokers, ...(ssl !== undefined && { ssl }), ...(sasl && { sasl }) };
}

/**
 * Reads which topics are read, as plain JSON of `naap.ingestion.kafka`.
 *
 * @throws KafkaSettingsError
 */
export function readKafkaSourceSettings(config: unknown): KafkaSourceSettings {
  const { topics, group = GROUP, from = 'earliest' } = fieldsOf(config, KEY);
  return {
    topics: listOf(topics, `${KEY}.topics`, TOPIC_NAME, 'network_events'),
    group: textOf(group, `${KEY}.group`),
    from: toStartAt(textOf(from, `${KEY}.from`), `${KEY}.from`),
  };
}
