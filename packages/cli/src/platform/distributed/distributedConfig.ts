import { type KafkaSettings, readKafkaSettings } from '@naap/ingestion';
import {
  type LakeSettings,
  readLakeSettings,
  readTrinoSettings,
  type TrinoSettings,
} from '@naap/lakehouse';
import { readServerTarget, type ServerTarget } from '@naap/serving';
import { Settings, SettingsError } from '@naap/system';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { UsageError } from '../../errors';

/** Where the engines of the distributed profile are. */
export interface DistributedConfig {
  kafka: KafkaSettings;
  /** The REST API of Kafka Connect. */
  connectUrl: string;
  lake: LakeSettings;
  trino: TrinoSettings;
  /** Who reads what is served, and who loads it. */
  clickhouse: { reader: ServerTarget; loader: ServerTarget };
  /** Who runs steps and answers questions, and the token of this command there. */
  portal: { url: string; token: string };
}

type Fields = Record<string, unknown>;

const FILES = ['app-config.distributed.yaml', 'app-config.local.yaml'];
const KEYS = ['kafka', 'connect', 'lake', 'trino', 'clickhouse', 'portal'];
/** `${NAME}` or `${NAME:-what stands without it}`, as Backstage has it. */
const VARIABLE = /\$\{(\w+)(?::-([^}$]*))?\}/g;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Later files win, key by key; lists are replaced whole. */
function merged(one: unknown, over: unknown): unknown {
  if (!isFields(one) || !isFields(over)) return over ?? one;
  const keys = new Set([...Object.keys(one), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map(k => [k, merged(one[k], over[k])]));
}

/** Fills variables in, and the texts of files, without the line end that editors leave. */
async function filled(
  value: unknown,
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<unknown> {
  if (typeof value === 'string') {
    return value.replace(VARIABLE, (_, name, without) => {
      const text = env[name] || without;
      if (text === undefined) throw new UsageError(`${name} is not set`);
      return text;
    });
  }
  if (Array.isArray(value)) {
    return Promise.all(value.map(one => filled(one, root, env)));
  }
  if (!isFields(value)) return value;
  if (typeof value.$file === 'string') {
    const path = resolve(root, value.$file);
    const text = await readFile(path, 'utf8').catch(
      ({ code }: NodeJS.ErrnoException) => {
        throw new UsageError(`can't read ${path} (${code})`);
      },
    );
    return text.trimEnd();
  }
  const entries = Object.entries(value).map(async ([key, inner]) => [
    key,
    await filled(inner, root, env),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

/**
 * Reads `KEYS` under `naap` of app-config.distributed.yaml and, over it, of app-config.local.yaml.
 *
 * @throws UsageError
 */
export async function readDistributedConfig(
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<DistributedConfig> {
  let config: unknown = {};
  for (const name of FILES) {
    const text = await readFile(join(root, name), 'utf8').catch(() => '');
    config = merged(config, parse(text)?.naap);
  }
  const all = (config ?? {}) as Fields;
  const wanted = Object.fromEntries(KEYS.map(key => [key, all[key]]));
  const naap = (await filled(wanted, root, env)) as Fields;
  try {
    const { url, reader, ...loader } = readServerTarget(
      naap.clickhouse,
      'naap.clickhouse',
    );
    const { cluster } = loader;
    const portal = new Settings(naap.portal, 'naap.portal');
    return {
      kafka: readKafkaSettings(naap.kafka, 'naap.kafka'),
      connectUrl: new Settings(naap.connect, 'naap.connect').text('url'),
      lake: readLakeSettings(naap.lake, 'naap.lake'),
      trino: readTrinoSettings(naap.trino, 'naap.trino'),
      clickhouse: {
        reader: { url, ...reader, ...(cluster && { cluster }) },
        loader: { url, ...loader },
      },
      portal: { url: portal.text('url'), token: portal.text('token') },
    };
  } catch (error) {
    if (error instanceof SettingsError) throw new UsageError(error.message);
    throw error;
  }
}
