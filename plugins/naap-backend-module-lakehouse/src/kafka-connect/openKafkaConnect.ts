import type {
  LoggerService,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  connectKafka,
  readDeadLetters,
  readKafkaSettings,
  topicRanges,
} from '@naap/ingestion';
import { ConnectClient, readConnectors } from '@naap/lakehouse';
import { type ConnectTopics, KafkaConnect } from './KafkaConnect';

const CATALOGS = ['hive', 'rest'] as const;

/**
 * The connectors of the Kafka Connect that the configuration names (`naap.connect.url`), with the brokers of `naap.kafka`;
 * undefined where it names none.
 */
export async function openKafkaConnect(
  config: RootConfigService,
  logger: LoggerService,
): Promise<KafkaConnect | undefined> {
  const url = config.getOptionalString('naap.connect.url');
  if (url === undefined) return undefined;
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new InputError(
      `naap.connect.url is '${url}'; use a URL such as http://127.0.0.1:8083`,
    );
  }
  const named = config.getOptionalString('naap.lake.catalog') ?? CATALOGS[0];
  const catalog = CATALOGS.find(one => one === named);
  if (!catalog) {
    throw new InputError(
      `naap.lake.catalog is '${named}'; use ${CATALOGS.join(' or ')}`,
    );
  }
  return new KafkaConnect({
    client: new ConnectClient(url),
    declared: await readConnectors(catalog),
    topics: topicsOf(config),
    logger,
  });
}

function topicsOf(config: RootConfigService): ConnectTopics | undefined {
  const given = config.getOptional('naap.kafka');
  if (given === undefined) return undefined;
  const kafka = connectKafka(readKafkaSettings(given, 'naap.kafka'));
  return {
    ranges: topics => topicRanges(kafka, topics),
    deadLetters: limit => readDeadLetters(kafka, limit),
  };
}
