import {
  Kafka,
  type LogEntry,
  logLevel,
  type RetryOptions,
  type SASLOptions,
} from 'kafkajs';
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

const HUNG_UP = /closed connection|ECONNRESET/i;

/** What went wrong, in words: a broker that is spoken to in the wrong way says nothing of it. */
export function kafkaReason(error: unknown): string {
  const { message } = error as Error;
  return HUNG_UP.test(message)
    ? `${message}: it hung up, as one does that wants TLS from who comes without`
    : message;
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
 * A broker that is away is asked again for some seconds: who waits for an answer learns that it can't be had, and who reads on for
 * ever begins anew, also at the address to which a broker has moved.
 */
const RETRY: RetryOptions = {
  initialRetryTime: 200,
  maxRetryTime: 2_000,
  retries: 5,
};

/**
 * A client of a cluster; nothing is connected yet.
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
    retry: RETRY,
    // Its warnings are of its own history, not of the cluster.
    logLevel: log ? logLevel.ERROR : logLevel.NOTHING,
    logCreator: () => entry => log?.warn(lineOf(entry)),
  });
}
