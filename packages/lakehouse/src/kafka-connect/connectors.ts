import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LakeSettings } from '../LakeSettings';
import { repositoryRoot } from '../python';
import type { ConnectClient, ConnectorConfig } from './ConnectClient';

/** A connector as it should be. */
export interface DeclaredConnector {
  name: string;
  config: ConnectorConfig;
}

/** How a connector of the cluster differs from what is declared. */
export interface ConnectorDrift {
  connector: string;
  /** `connector` (it is missing), or the name of a setting. */
  what: string;
  /** Null: it is not set. What may be a secret is `(set)`. */
  is: string | null;
  should: string | null;
}

/** A file of a connector that can't be used. */
export class ConnectorFileError extends Error {
  readonly name = 'ConnectorFileError';
}

/** Written out by hand it would be shown; what is declared names a file of it. */
const SECRET = /secret|password|token|credential|access-key/i;
const REFERENCE = /^\$\{[^}]*\}$/;

const FOLDER = join('deploy', 'kafka-connect');

async function readSettings(path: string): Promise<ConnectorConfig> {
  let settings: unknown;
  try {
    settings = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new ConnectorFileError(`${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const isRight =
    typeof settings === 'object' &&
    settings !== null &&
    Object.values(settings).every(value => typeof value === 'string');
  if (!isRight) {
    throw new ConnectorFileError(`${path}: use an object of texts`);
  }
  return settings as ConnectorConfig;
}

/**
 * The connectors of `deploy/kafka-connect`, by name. Each is what all sinks
 * share (`sink.json`), the catalog, and its own file, whose name is its name.
 *
 * @param catalog - that it writes through: a file of `catalogs`
 * @throws ConnectorFileError
 */
export async function readConnectors(
  catalog: LakeSettings['catalog'],
  folder: string = join(repositoryRoot(), FOLDER),
): Promise<DeclaredConnector[]> {
  const shared = {
    ...(await readSettings(join(folder, 'sink.json'))),
    ...(await readSettings(join(folder, 'catalogs', `${catalog}.json`))),
  };
  const files = await readdir(join(folder, 'connectors'));
  return Promise.all(
    files
      .filter(file => file.endsWith('.json'))
      .sort()
      .map(async file => ({
        name: basename(file, '.json'),
        config: {
          ...shared,
          ...(await readSettings(join(folder, 'connectors', file))),
        },
      })),
  );
}

/**
 * The group by which the coordinator of a sink reads what its workers have written, and the topic. It begins at the end of the topic
 * where the group has no offset, and has one only after its first commit: what was written before would be lost.
 */
export function coordinatorOf({ name, config }: DeclaredConnector): {
  group: string;
  topic: string;
} {
  const topic = config['iceberg.control.topic'];
  if (!topic) {
    throw new ConnectorFileError(`${name}: iceberg.control.topic is missing`);
  }
  return { group: `connect-${name}-coord`, topic };
}

function shown(setting: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  return SECRET.test(setting) && !REFERENCE.test(value) ? '(set)' : value;
}

function driftOf(
  { name, config }: DeclaredConnector,
  existing: ConnectorConfig | null,
): ConnectorDrift[] {
  if (!existing) {
    const should = config.topics ?? 'there';
    return [{ connector: name, what: 'connector', is: null, should }];
  }
  // Connect adds the name itself.
  const { name: _, ...is } = existing;
  return [...new Set([...Object.keys(config), ...Object.keys(is)])]
    .filter(setting => is[setting] !== config[setting])
    .sort()
    .map(setting => ({
      connector: name,
      what: setting,
      is: shown(setting, is[setting]),
      should: shown(setting, config[setting]),
    }));
}

/**
 * Compares the connectors of Connect with what is declared; others are none of its business. Changes nothing.
 *
 * @throws ConnectError
 */
export async function connectorDrift(
  client: Pick<ConnectClient, 'config'>,
  declared: readonly DeclaredConnector[],
): Promise<ConnectorDrift[]> {
  const drift: ConnectorDrift[] = [];
  for (const connector of declared) {
    drift.push(...driftOf(connector, await client.config(connector.name)));
  }
  return drift;
}

/**
 * Makes the connectors that are missing and changes those that differ; answers
 * what was done about. One that is paused stays so.
 *
 * @throws ConnectError
 */
export async function applyConnectors(
  client: Pick<ConnectClient, 'config' | 'configure'>,
  declared: readonly DeclaredConnector[],
): Promise<ConnectorDrift[]> {
  const mended: ConnectorDrift[] = [];
  for (const connector of declared) {
    const { name, config } = connector;
    const drift = driftOf(connector, await client.config(name));
    if (drift.length > 0) await client.configure(name, config);
    mended.push(...drift);
  }
  return mended;
}
