import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectorConfig } from './ConnectClient';
import {
  applyConnectors,
  connectorDrift,
  ConnectorFileError,
  readConnectors,
} from './connectors';

/** Keeps what it is told, as Connect does: with the name among the settings. */
class MemoryConnect {
  readonly configs = new Map<string, ConnectorConfig>();

  async config(name: string): Promise<ConnectorConfig | null> {
    return this.configs.get(name) ?? null;
  }

  async configure(name: string, config: ConnectorConfig): Promise<void> {
    this.configs.set(name, { ...config, name });
  }
}

describe('the connectors of deploy/kafka-connect', () => {
  it('write each topic of the gate to its own table, by a control topic of its own', async () => {
    const connectors = await readConnectors('hive');
    expect(
      connectors.map(({ name, config }) => [
        name,
        config.topics,
        config['iceberg.tables'],
        config['iceberg.control.topic'],
      ]),
    ).toEqual(
      ['batches', 'events', 'quarantine'].map(table => [
        `bronze-${table}`,
        `naap.${table}`,
        `bronze.${table}`,
        `naap.connect.control.${table}`,
      ]),
    );
  });

  it('never make or change tables, and put what they cannot read aside', async () => {
    for (const { config } of await readConnectors('rest')) {
      expect(config).toMatchObject({
        'iceberg.tables.auto-create-enabled': 'false',
        'iceberg.tables.evolve-schema-enabled': 'false',
        'errors.deadletterqueue.topic.name': 'naap.dead-letters',
        'errors.deadletterqueue.context.headers.enable': 'true',
      });
    }
  });

  it('differ by catalog in its settings alone, and hold no secret', async () => {
    const [hive, rest] = [
      (await readConnectors('hive'))[0].config,
      (await readConnectors('rest'))[0].config,
    ];
    const differing = [...Object.keys(hive), ...Object.keys(rest)].filter(
      key => hive[key] !== rest[key],
    );
    expect([...new Set(differing)].sort()).toEqual([
      'iceberg.catalog.type',
      'iceberg.catalog.uri',
      'iceberg.catalog.warehouse',
      'iceberg.hadoop.iceberg.hive.lock-heartbeat-interval-ms',
    ]);
    expect(hive['iceberg.catalog.s3.secret-access-key']).toMatch(/^\$\{dir:/);
  });

  it('are told by the file that is wrong', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'naap-connectors-'));
    try {
      await expect(readConnectors('hive', folder)).rejects.toThrow('sink.json');
      await mkdir(join(folder, 'catalogs'));
      await writeFile(join(folder, 'sink.json'), '{"tasks.max": 1}');
      await expect(readConnectors('hive', folder)).rejects.toThrow(
        new ConnectorFileError(
          `${join(folder, 'sink.json')}: use an object of texts`,
        ),
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('connectors as declared', () => {
  const declared = [
    { name: 'bronze-events', config: { topics: 'naap.events', a: '1' } },
  ];
  let connect: MemoryConnect;

  beforeEach(() => {
    connect = new MemoryConnect();
  });

  it('are told when they are missing, and made once', async () => {
    expect(await connectorDrift(connect, declared)).toMatchObject([
      { connector: 'bronze-events', what: 'connector', is: null },
    ]);
    expect(await applyConnectors(connect, declared)).toHaveLength(1);
    expect(await connectorDrift(connect, declared)).toEqual([]);
    expect(await applyConnectors(connect, declared)).toEqual([]);
  });

  it('are changed back where they differ, also what nobody declared', async () => {
    await connect.configure('bronze-events', {
      topics: 'naap.events',
      a: '2',
      b: '3',
    });
    const drift = [
      { connector: 'bronze-events', what: 'a', is: '2', should: '1' },
      { connector: 'bronze-events', what: 'b', is: '3', should: null },
    ];
    expect(await connectorDrift(connect, declared)).toEqual(drift);
    expect(await applyConnectors(connect, declared)).toEqual(drift);
    expect(connect.configs.get('bronze-events')).toEqual({
      ...declared[0].config,
      name: 'bronze-events',
    });
  });

  it('show a reference to a secret, and no secret', async () => {
    const key = 's3.secret-access-key';
    await connect.configure('bronze-events', { [key]: 'geheim' });
    const config = { [key]: '${dir:/run/secrets:s3_secret_key}' };
    expect(
      await connectorDrift(connect, [{ name: 'bronze-events', config }]),
    ).toEqual([
      {
        connector: 'bronze-events',
        what: key,
        is: '(set)',
        should: '${dir:/run/secrets:s3_secret_key}',
      },
    ]);
  });

  it('leave those of others alone', async () => {
    await connect.configure('other', { topics: 'other' });
    await applyConnectors(connect, declared);
    expect([...connect.configs.keys()]).toEqual(['other', 'bronze-events']);
  });
});
