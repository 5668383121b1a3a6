import { Settings, SettingsError } from '@naap/system';

/** Who asks a server. */
interface ServerUser {
  username?: string;
  password?: string;
}

/** A ClickHouse server, `url` as in `http://host:8123`, and the user who makes and fills its tables. */
export interface ServerTarget extends ServerUser {
  url: string;
  /** Who answers questions, with rights to read alone; without it the one who fills. */
  reader?: ServerUser;
  /** The cluster that the server is of, by its name there; its tables are then replicated, over all shards. */
  cluster?: string;
}

/**
 * The server of a configuration (`naap.clickhouse`): who loads it, and who reads.
 *
 * @throws SettingsError
 */
export function readServerTarget(
  value: unknown,
  key: string,
): ServerTarget & Required<Pick<ServerTarget, 'reader'>> {
  const clickhouse = new Settings(value, key);
  const user = (name: string) => {
    const who = clickhouse.at(name);
    return { username: who.text('username'), password: who.text('password') };
  };
  const { cluster } = clickhouse.texts('cluster');
  // It stands in statements.
  if (cluster !== undefined && !/^[\w-]+$/.test(cluster)) {
    throw new SettingsError(
      `${key}.cluster: use the name of a cluster, of letters, digits, _ and -`,
    );
  }
  return {
    url: clickhouse.text('url'),
    ...user('loader'),
    reader: user('reader'),
    ...(cluster !== undefined && { cluster }),
  };
}
