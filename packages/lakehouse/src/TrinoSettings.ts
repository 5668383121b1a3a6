import { Settings } from '@naap/system';

/** How Trino is reached: `args.trino` of the worker's ops. */
export interface TrinoSettings {
  /** `http://host:port`, or `https:` where a password or a token goes with it. */
  url: string;
  user: string;
  password?: string;
  /** JWT, in place of a password. */
  accessToken?: string;
  /** File of certificates (PEM) that are trusted, in place of the system's. */
  ca?: string;
  /** Name of the catalog that the lake is there. */
  catalog: string;
  /** `catalog.schema.table` of who runs the orchestrators (docs/distributed.md); without it nobody has a name. */
  operators?: string;
}

/**
 * Trino of a configuration (`naap.trino`).
 *
 * @throws SettingsError
 */
export function readTrinoSettings(value: unknown, key: string): TrinoSettings {
  const trino = new Settings(value, key);
  return {
    url: trino.text('url'),
    user: trino.text('user'),
    catalog: trino.text('catalog'),
    ...trino.texts('password', 'accessToken', 'ca', 'operators'),
  };
}
