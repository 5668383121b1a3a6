import { createReadStream } from 'fs';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { Database, database, SETTINGS } from '../database';
import { ServerUnreachableError } from '../errors';
import { CLUSTER_SETTINGS, clustered } from './cluster';
import { ServerTarget } from './serverTarget';

/** @throws ServerUnreachableError */
export async function openServer(target: ServerTarget): Promise<Database> {
  const client = createClient({
    url: target.url,
    username: target.username,
    password: target.password,
    clickhouse_settings: {
      ...SETTINGS,
      ...(target.cluster !== undefined && CLUSTER_SETTINGS),
    },
    // Errors are thrown; who catches them says what is to be said.
    log: { level: ClickHouseLogLevel.OFF },
  });
  const ping = await client.ping({ select: true });
  if (!ping.success) {
    await client.close();
    throw new ServerUnreachableError(
      `The ClickHouse server at ${
        new URL(target.url).origin
      } does not answer: ${ping.error.message}`,
      { cause: ping.error },
    );
  }
  const server = database(client, {
    loadFile: async (table, columns, path) => {
      await client.insert({
        table,
        columns: columns as [string, ...string[]],
        values: createReadStream(path),
        format: 'Parquet',
      });
    },
    giveBack: async () => {},
  });
  return target.cluster === undefined
    ? server
    : clustered(server, target.cluster);
}
