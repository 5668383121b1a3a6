import {
  coreServices,
  createServiceFactory,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import {
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import catalogModuleNaap from '@naap/plugin-catalog-backend-module-naap';
import naapPlugin from '@naap/plugin-naap-backend';
import dbtModule from '@naap/plugin-naap-backend-module-dbt';
import ingestionModule from '@naap/plugin-naap-backend-module-ingestion';
import lakehouseModule from '@naap/plugin-naap-backend-module-lakehouse';
import servingModule from '@naap/plugin-naap-backend-module-serving';
import type {
  LineageAnswer,
  LineageNodeAnswer,
} from '@naap/plugin-naap-common';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import openPlatform from './platform';

/** Python, dbt and ClickHouse start in here. */
jest.setTimeout(300_000);

/** An entity as far as the graph shows it. */
interface CatalogEntity {
  kind: string;
  metadata: { name: string; description?: string };
  spec: { type?: string; definition?: string };
  relations: Array<{ type: string; targetRef: string }>;
}

/** Tables of docs/architecture.md, which others build upon. */
const CONTRACT = [
  'fct_requests',
  'kpi_hourly',
  'kpi_latency_hourly',
  'kpi_5min',
  'kpi_latency_5min',
  'dim_orchestrators',
  'dim_models',
  'gold_days',
  'build_state',
];
/** Columns of the contract that no column goes into: counts of rows, names of builds and of metrics. */
const OF_NO_COLUMN = [
  'build_state.build_id',
  'fct_requests.fps_samples',
  'fct_requests.late_messages',
  'fct_requests.messages',
  'fct_requests.statuses',
  'gold_days.build_id',
  'kpi_5min.fps_samples',
  'kpi_5min.payments',
  'kpi_5min.requests',
  'kpi_latency_5min.metric',
  'kpi_latency_5min.n',
];

const refOf = ({ kind, metadata }: CatalogEntity) =>
  `${kind.toLowerCase()}:default/${metadata.name}`;

describe('the catalog and the lineage of the real layers', () => {
  const scheduler = mockServices.scheduler();
  let home: string;
  let backend: TestBackend;
  let lineage: LineageAnswer;
  let entities: CatalogEntity[];

  const get = async <T>(path: string): Promise<T> =>
    (await request(backend.server).get(`/api/${path}`).expect(200)).body;
  const nodeOf = (id: string) =>
    get<LineageNodeAnswer>(`naap/v1/lineage/node?id=${encodeURIComponent(id)}`);

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'naap-catalog-'));
    const catalogInfo = resolvePackagePath(
      'backend',
      '../../catalog-info.yaml',
    );
    backend = await startTestBackend({
      features: [
        catalogPlugin,
        catalogModuleNaap,
        naapPlugin,
        openPlatform,
        dbtModule,
        ingestionModule,
        lakehouseModule,
        servingModule,
        createServiceFactory({
          service: coreServices.scheduler,
          deps: {},
          factory: () => scheduler,
        }),
        mockServices.rootConfig.factory({
          data: {
            app: { baseUrl: 'http://localhost:3000' },
            catalog: {
              rules: [{ allow: ['Group', 'Location'] }],
              locations: [{ type: 'file', target: catalogInfo }],
            },
            naap: {
              home,
              profile: 'embedded',
              ingestion: {
                sources: [{ name: 'sea', token: 'gateway-token-0123456789' }],
              },
            },
          },
        }),
      ],
    });
    lineage = await get<LineageAnswer>('naap/v1/lineage');
    await scheduler.triggerTask('naap-catalog-refresh');
    // The domain, the system, the two groups, and the location of catalog-info.yaml.
    const expected =
      5 + lineage.parts.length + lineage.nodes.filter(n => n.entity).length;
    do {
      entities = await get<CatalogEntity[]>('catalog/entities');
      await new Promise(resolve => setTimeout(resolve, 100));
    } while (entities.length < expected);
  });

  afterAll(async () => {
    await backend?.stop();
    await rm(home, { recursive: true });
  });

  it('has no problem before the first event', () => {
    expect(lineage.problems).toEqual([]);
  });

  it('is this graph', () => {
    const graph = entities
      .filter(({ kind }) => kind !== 'Location')
      .map(entity => {
        const to = entity.relations
          .filter(({ type }) => /^(dependsOn|providesApi)$/.test(type))
          .map(({ type, targetRef }) => `  ${type} ${targetRef}`);
        const { type = '-' } = entity.spec;
        return [`${refOf(entity)} (${type})`, ...to.sort()].join('\n');
      });
    expect(graph.sort().join('\n')).toMatchSnapshot();
  });

  it('relates no entity to one that there is not', () => {
    const refs = new Set(entities.map(refOf));
    const dangling = entities.flatMap(entity =>
      entity.relations
        .filter(({ targetRef }) => !refs.has(targetRef))
        .map(({ type, targetRef }) => `${refOf(entity)} ${type} ${targetRef}`),
    );
    expect(dangling).toEqual([]);
  });

  it('has an owner for each of them, and a description', () => {
    const ours = entities.filter(
      ({ kind }) => kind !== 'Location' && kind !== 'Group',
    );
    const lacking = ours.filter(
      ({ metadata, relations }) =>
        !metadata.description ||
        !relations.some(({ type }) => type === 'ownedBy'),
    );
    expect(lacking.map(refOf)).toEqual([]);
  });

  it('has the API as it is served', () => {
    const api = entities.find(({ kind }) => kind === 'API');
    const { info, paths } = JSON.parse(api?.spec.definition ?? '');
    expect(info.title).toBe('naap');
    expect(Object.keys(paths)).toContain('/kpis');
  });

  it('tells of every column of gold what it is and which columns it is computed from', async () => {
    const gold = lineage.nodes.filter(
      ({ layer, type }) => layer === 'gold' && type === 'dbt-model',
    );
    expect(gold.map(({ title }) => title)).toEqual(
      expect.arrayContaining(CONTRACT),
    );
    const answers = await Promise.all(gold.map(({ id }) => nodeOf(id)));
    const columns = answers.flatMap(({ node, columns: of }) =>
      of.map(column => ({ ...column, table: node.title })),
    );
    const nameOf = (column: { table: string; name: string }) =>
      `${column.table}.${column.name}`;
    expect(columns.filter(c => !c.description).map(nameOf)).toEqual([]);
    expect(
      columns
        .filter(({ table, from }) => CONTRACT.includes(table) && !from.length)
        .map(nameOf)
        .sort(),
    ).toEqual(OF_NO_COLUMN);

    const origins = columns.flatMap(({ from }) => from);
    const ids = [...new Set(origins.map(({ node }) => node))];
    const named = new Map(
      await Promise.all(
        ids.map(async id => {
          const answer = await nodeOf(id);
          return [id, answer.columns.map(({ name }) => name)] as const;
        }),
      ),
    );
    expect(
      origins.filter(({ node, column }) => !named.get(node)?.includes(column)),
    ).toEqual([]);
  });
});
