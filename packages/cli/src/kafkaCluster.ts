import type { KafkaSettings } from '@naap/ingestion';
import { readFile } from 'node:fs/promises';
import { UsageError } from './errors';

const BROKER = /^[^\s/]+:\d{1,5}$/;
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

async function fileOf(variable: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${variable}: can't read ${path} (${code})`);
  }
}

async function sslOf({
  NAAP_KAFKA_CA: ca,
  NAAP_KAFKA_TLS: tls,
}: NodeJS.ProcessEnv): Promise<KafkaSettings['ssl']> {
  if (ca) return { ca: await fileOf('NAAP_KAFKA_CA', ca) };
  return tls === '1' ? true : undefined;
}

async function saslOf({
  NAAP_KAFKA_USERNAME: username,
  NAAP_KAFKA_PASSWORD: given,
  NAAP_KAFKA_PASSWORD_FILE: file,
  NAAP_KAFKA_MECHANISM: named = 'plain',
}: NodeJS.ProcessEnv): Promise<KafkaSettings['sasl']> {
  if (!username) return undefined;
  const mechanism = MECHANISMS.find(one => one === named);
  if (!mechanism) {
    throw new UsageError(`NAAP_KAFKA_MECHANISM: use ${MECHANISMS.join(', ')}`);
  }
  const inFile = file && (await fileOf('NAAP_KAFKA_PASSWORD_FILE', file));
  const password = given || inFile?.trim();
  if (!password) {
    throw new UsageError(
      'NAAP_KAFKA_USERNAME needs NAAP_KAFKA_PASSWORD or NAAP_KAFKA_PASSWORD_FILE',
    );
  }
  return { mechanism, username, password };
}

/**
 * A cluster by its brokers, with commas between them; the environment says who asks, as secrets are no options.
 *
 * @throws UsageError
 */
export async function readKafkaCluster(
  brokers: string,
  env: NodeJS.ProcessEnv,
): Promise<KafkaSettings> {
  const list = brokers.split(',');
  if (!list.every(broker => BROKER.test(broker))) {
    throw new UsageError(`--kafka is '${brokers}'; use host:port,…`);
  }
  return { brokers: list, ssl: await sslOf(env), sasl: await saslOf(env) };
}
