import { Kafka, type LogEntry, logLevel, type SASLOptions } from 'kafkajs';
import type { ConnectionOptions } from 'node:tls';
import { registerCodecs } from './codecs';

/** Name of the source that messages of Kafka have. */
export const KAFKA_SOURCE = 'kafka';

/** Where a cluster is, and as whom it is asked. */
export interface KafkaSettings {
  /** `host:port` of some of its brokers. */
  brokers: string[];
  clientId?: string;
  /** PEM texts; true: what this machine trusts. */
  ssl?: Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'servername'> | boolean;
  sasl?: {
    mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    username: string;
    password: string;
  };
}

/** Where goes what the client has to say. */
export interface KafkaLog {
  warn(message: string): void;
}

/** One line of what the client says; its stacks are left out, as the error itself is thrown or retried. */
function lineOf({ namespace, log }: LogEntry): string {
  const { message, error, broker } = log;
  const details = [broker, error].filter(Boolean).join(', ');
  return `Kafka ${namespace ?? 'client'}: ${message}${
    details && ` (${details})`
  }`;
}

/**
 * A client of a cluster; nothing is connected yet. A broker that is away is
 * asked again for about two minutes before anything fails.
 *
 * @param log - without it the client is silent, and only what it throws tells
 */
export function connectKafka(settings: KafkaSettings, log?: KafkaLog): Kafka {
  registerCodecs();
  const { brokers, clientId = 'naap', ssl, sasl } = settings;
  return new Kafka({
    brokers,
    clientId,
    ssl,
    sasl: sasl as SASLOptions | undefined,
    connectionTimeout: 5000,
    retry: { initialRetryTime: 200, maxRetryTime: 10_000, retries: 12 },
    // Its warnings are of its own history, not of the cluster.
    logLevel: log ? logLevel.ERROR : logLevel.NOTHING,
    logCreator: () => entry => log?.warn(lineOf(entry)),
  });
}
