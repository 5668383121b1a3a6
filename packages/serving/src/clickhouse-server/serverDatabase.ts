import { createReadStream } from 'fs';
import {
  ClickHouseError,
  ClickHouseLogLevel,
  createClient,
} from '@clickhouse/client';
import { Database, database, SETTINGS } from '../database';
import { ServerUnreachableError } from '../errors';
import { CLUSTER_SETTINGS, clustered } from './cluster';
import { ServerTarget } from './serverTarget';

/** What the server says of a statement stays what it is; all else means that it said nothing. */
async function answered<T>(statement: Promise<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    if (error instanceof ClickHouseError) throw error;
    throw new ServerUnreachableError(
      'The ClickHouse server does not answer; it may in a minute',
      { cause: error },
    );
  }
}

/** @throws ServerUnreachableError, as each statement does while the server is away */
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
  const answering: Database = {
    ...server,
    rows: (...of) => answered(server.rows(...of)),
    command: (...of) => answered(server.command(...of)),
    insert: (...of) => answered(server.insert(...of)),
    load: (...of) => answered(server.load(...of)),
  };
  return target.cluster === undefined
    ? answering
    : clustered(answering, target.cluster);
}
