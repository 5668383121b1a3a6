import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UsageError } from '../../errors';
import { readDistributedConfig } from './distributedConfig';

const CONFIG = `
naap:
  kafka: { brokers: ['127.0.0.1:\${KAFKA_PORT:-9094}'] }
  connect: { url: http://connect }
  lake:
    catalog: \${CATALOG:-hive}
    hive: { uri: thrift://metastore:9083, warehouse: s3://warehouse/naap }
    rest: { uri: http://nessie/iceberg, warehouse: warehouse }
    s3: { endpoint: http://s3, region: here, accessKeyId: me, secretAccessKey: { $file: secret } }
  trino: { url: http://trino, user: me, catalog: lake }
  clickhouse:
    url: http://clickhouse
    reader: { username: reads, password: { $file: secret } }
    loader: { username: loads, password: { $file: secret } }
  portal: { url: http://portal, token: { $file: secret } }
`;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'naap-config-'));
  await writeFile(join(root, 'app-config.distributed.yaml'), CONFIG);
  await writeFile(join(root, 'secret'), 'hush\n');
});
afterEach(() => rm(root, { recursive: true }));

it('fills in variables and the texts of files', async () => {
  expect(await readDistributedConfig(root, { KAFKA_PORT: '1234' })).toEqual({
    kafka: { brokers: ['127.0.0.1:1234'] },
    connectUrl: 'http://connect',
    lake: {
      catalog: 'hive',
      uri: 'thrift://metastore:9083',
      warehouse: 's3://warehouse/naap',
      s3: {
        endpoint: 'http://s3',
        region: 'here',
        accessKeyId: 'me',
        secretAccessKey: 'hush',
      },
    },
    trino: { url: 'http://trino', user: 'me', catalog: 'lake' },
    clickhouse: {
      reader: { url: 'http://clickhouse', username: 'reads', password: 'hush' },
      loader: { url: 'http://clickhouse', username: 'loads', password: 'hush' },
    },
    portal: { url: 'http://portal', token: 'hush' },
  });
});

it('takes the place of the catalog that is chosen', async () => {
  const { lake } = await readDistributedConfig(root, { CATALOG: 'rest' });
  expect(lake).toMatchObject({ uri: 'http://nessie/iceberg' });
});

it('takes what app-config.local.yaml says over it, key by key', async () => {
  const local =
    'naap: { kafka: { brokers: [broker.example:9093], ssl: true } }';
  await writeFile(join(root, 'app-config.local.yaml'), local);
  const { kafka, connectUrl } = await readDistributedConfig(root, {});
  expect(kafka).toEqual({ brokers: ['broker.example:9093'], ssl: true });
  expect(connectUrl).toBe('http://connect');
});

it('takes a password for Trino where there is one', async () => {
  const local = 'naap: { trino: { password: { $file: secret } } }';
  await writeFile(join(root, 'app-config.local.yaml'), local);
  const { trino } = await readDistributedConfig(root, {});
  expect(trino.password).toBe('hush');
});

it('knows the cluster that the server is of, and who runs the orchestrators, where they are told', async () => {
  const local =
    'naap: { clickhouse: { cluster: gold }, trino: { operators: people.public.operators } }';
  await writeFile(join(root, 'app-config.local.yaml'), local);
  const { clickhouse, trino } = await readDistributedConfig(root, {});
  expect([clickhouse.reader.cluster, clickhouse.loader.cluster]).toEqual([
    'gold',
    'gold',
  ]);
  expect(trino.operators).toBe('people.public.operators');
});

it.each([
  ['naap: { lake: { catalog: jdbc } }', "naap.lake.catalog is 'jdbc'"],
  ['naap: { lake: { s3: { region: "" } } }', 'naap.lake.s3.region'],
  ['naap: { connect: { url: "${NOWHERE}" } }', 'NOWHERE is not set'],
  ['naap: { lake: { s3: { secretAccessKey: { $file: no } } } }', 'ENOENT'],
  ['naap: { trino: { password: 1 } }', 'naap.trino.password'],
  ['naap: { clickhouse: { loader: { username: "" } } }', 'loader.username'],
  ['naap: { kafka: { brokers: broker } }', 'naap.kafka.brokers'],
  ['naap: { clickhouse: { cluster: "it\'s" } }', 'naap.clickhouse.cluster'],
  ['naap: { connect: here }', 'naap.connect: use an object'],
])('says what is wrong in %s', async (local, message) => {
  await writeFile(join(root, 'app-config.local.yaml'), local);
  await expect(readDistributedConfig(root, {})).rejects.toThrow(message);
});

it('can be read of the configuration that comes with it', async () => {
  const here = resolve(__dirname, '../../../../..');
  await expect(
    readDistributedConfig(here, { NAAP_LAKE_CATALOG: 'no' }),
  ).rejects.toThrow(UsageError);
});
