import type {
  LoggerService,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  connectKafka,
  type EventLog,
  KafkaSettingsError,
  KafkaSource,
  readKafkaSettings,
  readKafkaSourceSettings,
} from '@naap/ingestion';
import type { KafkaIntake } from '@naap/plugin-naap-common';

const KEY = 'naap.ingestion.kafka';

/** The topics that the configuration names, into the log; undefined where it names none. It is not started. */
export function kafkaSourceOf(options: {
  config: RootConfigService;
  log: EventLog;
  logger: LoggerService;
}): KafkaSource | undefined {
  const { config, log, logger } = options;
  if (!config.has(KEY)) return undefined;
  const given = config.get(KEY);
  try {
    return new KafkaSource(
      connectKafka(readKafkaSettings(given), logger),
      log,
      readKafkaSourceSettings(given),
      { onWarning: message => logger.warn(`Kafka: ${message}`) },
    );
  } catch (error) {
    if (error instanceof KafkaSettingsError) {
      throw new InputError(error.message, error);
    }
    throw error;
  }
}

/** Its state as the API shows it. */
export function intakeOf({ state }: Pick<KafkaSource, 'state'>): KafkaIntake {
  const { alive, lag, partitions, lastError } = state;
  return {
    alive,
    lag,
    partitions: partitions.map(({ topic, partition, position, end }) => ({
      topic,
      partition,
      position: `${position}`,
      end: `${end}`,
      lag: Number(end > position ? end - position : 0n),
    })),
    lastError: lastError && {
      message: lastError.message,
      at: new Date(lastError.at).toISOString(),
    },
  };
}
