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
import {
  ConnectClient,
  type LakeSettings,
  LakeWorker,
  PyIcebergLakeCatalog,
  readConnectors,
} from '@naap/lakehouse';
import { type ConnectTopics, KafkaConnect } from './KafkaConnect';

const CATALOGS = ['hive', 'rest'] as const;

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
  const lake = lakeOf(config);
  const worker = new LakeWorker();
  const connect = new KafkaConnect({
    client: new ConnectClient(url),
    declared: await readConnectors(lake?.catalog ?? CATALOGS[0]),
    topics: topicsOf(config),
    catalog: lake && new PyIcebergLakeCatalog({ lake }, worker),
    logger,
  });
  return { connect, close: () => worker.stop() };
}

/** Undefined where the configuration names no lake that others share. */
function lakeOf(config: RootConfigService): LakeSettings | undefined {
  const lake = config.getOptionalConfig('naap.lake');
  if (!lake) return undefined;
  const named = lake.getString('catalog');
  const catalog = CATALOGS.find(one => one === named);
  if (!catalog) {
    throw new InputError(
      `naap.lake.catalog is '${named}'; use ${CATALOGS.join(' or ')}`,
    );
  }
  return {
    catalog,
    uri: lake.getString(`${catalog}.uri`),
    warehouse: lake.getString(`${catalog}.warehouse`),
    s3: {
      endpoint: lake.getString('s3.endpoint'),
      region: lake.getString('s3.region'),
      accessKeyId: lake.getString('s3.accessKeyId').trimEnd(),
      secretAccessKey: lake.getString('s3.secretAccessKey').trimEnd(),
    },
  };
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
