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

/** Who waits for the answer learns after some seconds that it can't be had. */
export const SOON: RetryOptions = { initialRetryTime: 200, retries: 4 };
/** A service outlives a broker that is away for about two minutes. */
const PATIENT: RetryOptions = {
  initialRetryTime: 200,
  maxRetryTime: 10_000,
  retries: 12,
};

/**
 * A client of a cluster; nothing is connected yet.
 *
 * @param log - without it the client is silent, and only what it throws tells
 */
export function connectKafka(
  settings: KafkaSettings,
  log?: KafkaLog,
  retry = PATIENT,
): Kafka {
  registerCodecs();
  const { brokers, clientId = 'naap', ssl, sasl } = settings;
  return new Kafka({
    brokers,
    clientId,
    ssl,
    sasl: sasl as SASLOptions | undefined,
    connectionTimeout: 5000,
    retry,
    // Its warnings are of its own history, not of the cluster.
    logLevel: log ? logLevel.ERROR : logLevel.NOTHING,
    logCreator: () => entry => log?.warn(lineOf(entry)),
  });
}
