import type { RootConfigService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  type KafkaSettings,
  KafkaSettingsError,
  readKafkaSettings,
} from '@naap/ingestion';
import type { LakeSettings, TrinoSettings } from '@naap/lakehouse';
import type { ServerTarget } from '@naap/serving';

const CATALOGS = ['hive', 'rest'] as const;

/**
 * The brokers of the topics that the gate reads and writes (`naap.kafka`).
 *
 * @throws InputError
 */
export function readKafkaCluster(config: RootConfigService): KafkaSettings {
  try {
    return readKafkaSettings(config.getOptional('naap.kafka'), 'naap.kafka');
  } catch (error) {
    if (error instanceof KafkaSettingsError) {
      throw new InputError(error.message, error);
    }
    throw error;
  }
}

/**
 * The lake that others share (`naap.lake`).
 *
 * @throws InputError
 */
export function readLakeSettings(config: RootConfigService): LakeSettings {
  const lake = config.getConfig('naap.lake');
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

/** Trino on that lake (`naap.trino`). */
export function readTrinoSettings(config: RootConfigService): TrinoSettings {
  const trino = config.getConfig('naap.trino');
  const optional = (name: string) => trino.getOptionalString(name)?.trimEnd();
  const [password, accessToken, ca, operators] = [
    optional('password'),
    optional('accessToken'),
    optional('ca'),
    optional('operators'),
  ];
  return {
    url: trino.getString('url'),
    user: trino.getString('user'),
    catalog: trino.getString('catalog'),
    ...(password !== undefined && { password }),
    ...(accessToken !== undefined && { accessToken }),
    ...(ca !== undefined && { ca }),
    ...(operators !== undefined && { operators }),
  };
}

/** The server that serves gold (`naap.clickhouse`): who loads it, and who reads. */
export function readClickHouseTarget(config: RootConfigService): ServerTarget {
  const clickhouse = config.getConfig('naap.clickhouse');
  const user = (name: string) => {
    const who = clickhouse.getConfig(name);
    return {
      username: who.getString('username'),
      password: who.getString('password').trimEnd(),
    };
  };
  return {
    url: clickhouse.getString('url'),
    ...user('loader'),
    reader: user('reader'),
  };
}
