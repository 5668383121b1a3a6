import { type KafkaSettings, readKafkaSettings } from '@naap/ingestion';
import type { LakeSettings, TrinoSettings } from '@naap/lakehouse';
import type { ServerTarget } from '@naap/serving';
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

function valueAt(fields: unknown, path: string[]): unknown {
  let value = fields;
  for (const key of path) value = isFields(value) ? value[key] : undefined;
  return value;
}

function textAt(fields: unknown, ...path: string[]): string {
  const value = valueAt(fields, path);
  if (typeof value === 'string' && value) return value;
  throw new UsageError(`naap.${path.join('.')}: use a text that is not empty`);
}

/** Those of some texts that are given. */
function textsAt(fields: unknown, path: string[], names: readonly string[]) {
  const given = names.filter(
    name => valueAt(fields, [...path, name]) !== undefined,
  );
  return Object.fromEntries(
    given.map(name => [name, textAt(fields, ...path, name)]),
  );
}

function trinoOf(naap: unknown): TrinoSettings {
  const text = (name: string) => textAt(naap, 'trino', name);
  return {
    url: text('url'),
    user: text('user'),
    catalog: text('catalog'),
    ...textsAt(naap, ['trino'], ['password', 'accessToken', 'ca', 'operators']),
  };
}

function clickhouseOf(naap: unknown): DistributedConfig['clickhouse'] {
  const url = textAt(naap, 'clickhouse', 'url');
  const target = (who: string) => ({
    url,
    username: textAt(naap, 'clickhouse', who, 'username'),
    password: textAt(naap, 'clickhouse', who, 'password'),
  });
  return { reader: target('reader'), loader: target('loader') };
}

/**
 * Reads `KEYS` under `naap` of app-config.distributed.yaml and, over it, of app-config.local.yaml.
 *
 * @throws UsageError, KafkaSettingsError
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
  const naap = await filled(wanted, root, env);
  const catalog = textAt(naap, 'lake', 'catalog');
  if (catalog !== 'hive' && catalog !== 'rest') {
    throw new UsageError(`naap.lake.catalog is '${catalog}': use hive or rest`);
  }
  const s3 = (name: string) => textAt(naap, 'lake', 's3', name);
  return {
    kafka: readKafkaSettings((naap as Fields).kafka, 'naap.kafka'),
    connectUrl: textAt(naap, 'connect', 'url'),
    lake: {
      catalog,
      uri: textAt(naap, 'lake', catalog, 'uri'),
      warehouse: textAt(naap, 'lake', catalog, 'warehouse'),
      s3: {
        endpoint: s3('endpoint'),
        region: s3('region'),
        accessKeyId: s3('accessKeyId'),
        secretAccessKey: s3('secretAccessKey'),
      },
    },
    trino: trinoOf(naap),
    clickhouse: clickhouseOf(naap),
    portal: {
      url: textAt(naap, 'portal', 'url'),
      token: textAt(naap, 'portal', 'token'),
    },
  };
}
