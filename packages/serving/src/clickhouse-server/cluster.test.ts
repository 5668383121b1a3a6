import { createHash } from 'crypto';
import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { openChdb } from '../chdb/chdbDatabase';
import { Database } from '../database';
import { migrate } from '../migrate';
import { migrations } from '../migrations';
import { publish } from '../publish';
import { DimensionTable, DIMENSION_TABLES } from '../tables';
import { CLUSTER_SETTINGS, clustered, onCluster, settled } from './cluster';

const CLUSTER = 'naap';

/** Keeps what it is told; no row is anywhere. */
function recorder() {
  const told: string[] = [];
  const server: Database = {
    rows: async () => [],
    command: async sql => {
      told.push(sql);
    },
    insert: async table => {
      told.push(`insert ${table}`);
    },
    load: async table => {
      told.push(`load ${table}`);
    },
    giveBack: async () => {},
    close: async () => {},
  };
  return { told, server };
}

/** One day is replaced, another is gone, and all dimensions are there but one. */
const PLAN = {
  days: [],
  partitions: [
    { partition: 20260108, tables: ['kpi_hourly' as const] },
    { partition: 202601, tables: [] },
  ],
  dimensions: Object.fromEntries(
    DIMENSION_TABLES.map(table => [table, table === 'dim_gpus' ? 0 : 1]),
  ) as Record<DimensionTable, number>,
  revisedHours: [],
  outcome: { build: null, watermark: null, simulated: false, syncedAt: null },
};

/** What makes the tables of a cluster, and what publishes into them. */
async function statements(): Promise<string[]> {
  const { told, server } = recorder();
  const cluster = clustered(server, CLUSTER);
  await migrate(cluster);
  await publish(cluster, { ...PLAN.outcome, revision: 0, plan: null }, PLAN);
  return told;
}

it('migrations that were shipped never change, for one server or for a cluster', async () => {
  const sum = (texts: string[]) =>
    createHash('sha256').update(texts.join(';\n')).digest('hex').slice(0, 16);
  expect(
    migrations.map(({ name, statements: of }) => [
      name,
      sum(of),
      sum(
        of.flatMap(one =>
          one.startsWith('INSERT') ? [one] : onCluster(one, CLUSTER),
        ),
      ),
    ]),
  ).toMatchSnapshot();
});

it('a cluster is told these statements to make its tables and to publish', async () => {
  expect((await statements()).join(';\n')).toMatchSnapshot();
});

it('a reader can know of a publication before any day changes, whichever replica it asks', async () => {
  const { told, server } = recorder();
  await publish(
    clustered(server, CLUSTER),
    { ...PLAN.outcome, revision: 0, plan: null },
    PLAN,
  );
  const state = [
    'insert naap.served_state',
    settled('naap.served_state', CLUSTER),
  ];
  expect(told.slice(0, 2)).toEqual(state);
  expect(told.slice(-2)).toEqual(state);
  expect(told.slice(2, -2).every(sql => sql.includes('naap_shard.'))).toBe(
    true,
  );
});

it('what is staged is on every replica before anybody looks at it', async () => {
  const { told, server } = recorder();
  const cluster = clustered(server, CLUSTER);
  await cluster.load('naap.stage_kpi_hourly', ['hour'], 'file');
  await cluster.command(
    'INSERT INTO naap.stage_kpi_hourly (hour) SELECT hour FROM naap.kpi_hourly',
  );
  const everywhere = settled('naap.stage_kpi_hourly', CLUSTER);
  expect(told.map(sql => sql === everywhere)).toEqual([
    false,
    true,
    false,
    true,
  ]);
});

it('a statement that nobody thought of is refused, not sent to one server alone', () => {
  expect(() => onCluster('OPTIMIZE TABLE naap.kpi_hourly', CLUSTER)).toThrow(
    'OPTIMIZE',
  );
});

describe('to ClickHouse itself', () => {
  let directory: string;
  let database: Database;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'naap-serving-cluster-'));
    database = await openChdb({ path: join(directory, 'chdb') });
  });

  afterAll(async () => {
    await database.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('every statement for a cluster is SQL', async () => {
    const told = (await statements()).filter(sql => !sql.startsWith('insert '));
    expect(told.length).toBeGreaterThan(100);
    for (const sql of told) {
      const tree = await database.rows(`EXPLAIN AST ${sql}`, {
        partition: 20260108,
      });
      expect(tree).not.toEqual([]);
    }
  });

  it('every setting for a cluster is one', async () => {
    const names = Object.keys(CLUSTER_SETTINGS);
    const known = await database.rows(
      'SELECT name FROM system.settings WHERE name IN {names:Array(String)} ORDER BY name',
      { names },
    );
    expect(known.flat()).toEqual([...names].sort());
  });
});
