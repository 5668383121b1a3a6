import type {
  LoggerService,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { connectKafka, readDeadLetters, topicRanges } from '@naap/ingestion';
import {
  ConnectClient,
  LakeWorker,
  PyIcebergLakeCatalog,
  readConnectors,
} from '@naap/lakehouse';
import { readKafkaCluster, readLakeSettings } from '@naap/plugin-naap-node';
import { type ConnectTopics, KafkaConnect } from './KafkaConnect';

/**
 * The connectors of the Kafka Connect that the configuration names (`naap.connect.url`), with the brokers of `naap.kafka`
 * and the lake of `naap.lake`; undefined where it names none.
 */
export async function openKafkaConnect(
  config: RootConfigService,
  logger: LoggerService,
): Promise<{ connect: KafkaConnect; close(): Promise<void> } | undefined> {
  const url = config.getOptionalString('naap.connect.url');
  if (url === undefined) return undefined;
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new InputError(
      `naap.connect.url is '${url}'; use a URL such as http://127.0.0.1:8083`,
    );
  }
  const lake = config.has('naap.lake') ? readLakeSettings(config) : undefined;
  const worker = new LakeWorker();
  const connect = new KafkaConnect({
    client: new ConnectClient(url),
    declared: await readConnectors(lake?.catalog ?? 'hive'),
    topics: topicsOf(config),
    catalog: lake && new PyIcebergLakeCatalog({ lake }, worker),
    logger,
  });
  return { connect, close: () => worker.stop() };
}

function topicsOf(config: RootConfigService): ConnectTopics | undefined {
  if (!config.has('naap.kafka')) return undefined;
  const kafka = connectKafka(readKafkaCluster(config));
  return {
    ranges: topics => topicRanges(kafka, topics),
    deadLetters: limit => readDeadLetters(kafka, limit),
  };
}
