import type { BuildRecord, DbtNode, DbtProjectContent } from '@naap/lakehouse';
import { dbtFacts, dbtGraph, dbtLineage } from './lineage';

function dbtNode(id: string, more: Partial<DbtNode> = {}): DbtNode {
  return {
    id,
    name: id.split('.').at(-1)!,
    layer: 'gold',
    description: 'A table.',
    path: 'dbt/x.sql',
    sql: 'select 1',
    dependsOn: [],
    columns: [],
    tests: [],
    ...more,
  };
}

const PROJECT: DbtProjectContent = {
  models: [
    dbtNode('model.naap.arrived', {
      layer: 'build',
      dependsOn: ['source.naap.bronze.events'],
    }),
    dbtNode('model.naap.traces', {
      layer: 'silver',
      dependsOn: ['model.naap.arrived'],
    }),
    dbtNode('model.naap.facts', {
      dependsOn: ['model.naap.traces', 'seed.naap.regions'],
      columns: [
        {
          name: 'at',
          type: 'timestamp',
          description: 'When.',
          from: [{ node: 'source.naap.bronze.events', column: 'event_time' }],
        },
      ],
      tests: ['grain', 'sums', 'new'],
    }),
  ],
  seeds: [dbtNode('seed.naap.regions', { layer: 'seeds', sql: null })],
  sources: [
    dbtNode('source.naap.bronze.events', { layer: 'bronze', sql: null }),
    dbtNode('source.naap.operators.operators', {
      layer: 'operators',
      sql: null,
    }),
  ],
  exposures: [
    {
      id: 'exposure.naap.explorer',
      name: 'explorer',
      label: 'Explorer',
      type: 'dashboard',
      description: 'Pages.',
      meta: { reads: 'served' },
      dependsOn: ['model.naap.facts'],
    },
    {
      id: 'exposure.naap.notebook',
      name: 'notebook',
      label: 'Notebook',
      type: 'dashboard',
      description: 'Reads gold itself.',
      meta: {},
      dependsOn: ['model.naap.facts'],
    },
  ],
};

const RECORD: BuildRecord = {
  build: {
    id: 'b',
    at: '2026-01-08T00:00:00.000Z',
    tests: { passed: 1, failed: 1, warned: 0 },
  },
  watermark: null,
  simulated: false,
  tables: { facts: 0 },
  checks: {
    grain: { status: 'passed', node: 'model.naap.facts' },
    sums: { status: 'failed', node: 'model.naap.facts' },
  },
};

const lineageOf = (record: BuildRecord | null) =>
  dbtLineage({
    engine: 'Memory',
    project: { read: async () => PROJECT },
    builder: { state: async () => record },
  });

describe('dbtGraph', () => {
  it('has the edges of the manifest, from the tables as their layers call them', () => {
    const edges = dbtGraph(PROJECT, 'Memory').edges.map(
      ({ from, to }) => `${from} ${to}`,
    );
    expect(edges).toEqual([
      'bronze.events model.naap.arrived',
      'model.naap.arrived model.naap.traces',
      'model.naap.traces model.naap.facts',
      'seed.naap.regions model.naap.facts',
      'clickhouse.facts exposure.naap.explorer',
      'model.naap.facts exposure.naap.notebook',
    ]);
  });

  it('has what people keep and dbt only reads; bronze is told of by who writes it', () => {
    const { nodes } = dbtGraph(PROJECT, 'Memory');
    expect(nodes.filter(n => n.type === 'table')).toMatchObject([
      { id: 'operators.operators', layer: 'silver', step: null },
    ]);
  });

  it('hides the scratch of a build, and makes entities of gold only', () => {
    const { nodes } = dbtGraph(PROJECT, 'Memory');
    expect(nodes.filter(n => n.hidden).map(n => n.title)).toEqual(['arrived']);
    expect(nodes.flatMap(n => n.entity?.name ?? [])).toEqual(['gold.facts']);
  });
});

describe('dbtFacts', () => {
  it('count a table without rows as 0, and one that nobody counted as not known', () => {
    const facts = dbtFacts(PROJECT, RECORD);
    expect(facts['model.naap.facts'].rows).toBe(0);
    expect(facts['model.naap.traces'].rows).toBe(null);
  });

  it('count the tests that ran, and name those that failed', () => {
    const facts = dbtFacts(PROJECT, RECORD);
    expect(facts['model.naap.facts'].tests).toEqual({
      passed: 1,
      failed: 1,
      failing: ['sums'],
    });
    expect(facts['model.naap.traces'].tests).toBe(null);
  });

  it('are none before the first good build', () => {
    expect(dbtFacts(PROJECT, null)).toEqual({});
  });
});

describe('detail', () => {
  it('tells the columns with what they are computed from, and each test', async () => {
    expect(await lineageOf(RECORD).detail?.('model.naap.facts')).toEqual({
      columns: [
        {
          name: 'at',
          type: 'timestamp',
          description: 'When.',
          from: [{ node: 'bronze.events', column: 'event_time' }],
        },
      ],
      sql: 'select 1',
      path: 'dbt/x.sql',
      tests: [
        { name: 'grain', passed: true },
        { name: 'sums', passed: false },
        { name: 'new', passed: null },
      ],
    });
  });

  it('knows bronze by the name that its layer gives it, and nothing of others', async () => {
    const { detail } = lineageOf(null);
    expect(await detail?.('bronze.events')).toMatchObject({ sql: null });
    expect(await detail?.('clickhouse.facts')).toBe(undefined);
  });
});
