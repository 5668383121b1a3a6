import type { RootConfigService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { readKafkaSettings } from '@naap/ingestion';
import {
  readLakeSettings as lakeOf,
  readTrinoSettings as trinoOf,
} from '@naap/lakehouse';
import { readServerTarget } from '@naap/serving';
import { SettingsError } from '@naap/system';

/** What stands at a key, as `read` understands it; what it refuses is an InputError. */
const reads =
  <Result>(key: string, read: (value: unknown, key: string) => Result) =>
  (config: RootConfigService): Result => {
    try {
      return read(config.getOptional(key), key);
    } catch (error) {
      if (error instanceof SettingsError) {
        throw new InputError(error.message);
      }
      throw error;
    }
  };

/** The brokers of the topics that the gate reads and writes. */
export const readKafkaCluster = reads('naap.kafka', readKafkaSettings);

/** The lake that others share. */
export const readLakeSettings = reads('naap.lake', lakeOf);

/** Trino on that lake. */
export const readTrinoSettings = reads('naap.trino', trinoOf);

/** The server that serves gold: who loads it, and who reads. */
export const readClickHouseTarget = reads('naap.clickhouse', readServerTarget);
