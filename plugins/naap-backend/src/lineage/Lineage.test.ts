import { mockServices } from '@backstage/backend-test-utils';
import type { Run, StepId } from '@naap/plugin-naap-common';
import type {
  LineageGraph,
  LineageNodeFacts,
  LineageSource,
} from '@naap/plugin-naap-node';
import { Lineage, LineageSources } from './Lineage';

type GraphNode = LineageGraph['nodes'][number];

const node = (id: string, more: Partial<GraphNode> = {}): GraphNode => ({
  id,
  layer: 'gold',
  type: 'dbt-model',
  title: id,
  description: `What ${id} is.`,
  step: null,
  entity: null,
  detailed: false,
  ...more,
});
const edge = (from: string, to: string) => ({ from, to });

function source(
  id: string,
  graph: Partial<LineageGraph>,
  facts: Record<string, LineageNodeFacts> = {},
): LineageSource {
  return {
    id,
    read: async () => ({ nodes: [], edges: [], ...graph }),
    facts: async () => facts,
  };
}

function lineageOf(
  sources: LineageSource[],
  lastRuns: (steps?: StepId[]) => Promise<Map<StepId, Run>> = async () =>
    new Map(),
): Lineage {
  const all = new LineageSources();
  sources.forEach(one => all.addSource(one));
  return new Lineage({
    sources: all,
    lastRuns,
    logger: mockServices.logger.mock(),
  });
}

const run = (state: Run['state']): Run => ({
  id: 'run-1',
  step: 'build',
  state,
  trigger: 'loop',
  startedBy: 'loop',
  arguments: {},
  retryOf: null,
  createdAt: '2026-01-08T00:00:00.000Z',
  startedAt: '2026-01-08T00:00:00.000Z',
  finishedAt: '2026-01-08T00:01:00.000Z',
  durationMs: 60_000,
  rows: null,
  changed: true,
  details: null,
  error: null,
});

describe('Lineage', () => {
  it('is one graph of those of all layers, whose edges lead from one to another', async () => {
    const lake = source('lake', {
      nodes: [node('bronze')],
      parts: [
        {
          kind: 'Component',
          name: 'writer',
          type: 't',
          title: 'W',
          description: 'W.',
          step: 'commit',
        },
      ],
    });
    const dbt = source('dbt', {
      nodes: [node('silver'), node('gold')],
      edges: [edge('bronze', 'silver'), edge('silver', 'gold')],
    });
    const { nodes, edges, parts, problems } = await lineageOf([
      lake,
      dbt,
    ]).read();
    expect(nodes.map(({ id }) => id)).toEqual(['bronze', 'silver', 'gold']);
    expect(edges).toEqual([edge('bronze', 'silver'), edge('silver', 'gold')]);
    expect(parts.map(({ name }) => name)).toEqual(['writer']);
    expect(problems).toEqual([]);
  });

  it('leaves out an edge to a node that nobody brings, and a second node of one id', async () => {
    const first = source('a', { nodes: [node('x', { title: 'first' })] });
    const second = source('b', {
      nodes: [node('x', { title: 'second' })],
      edges: [edge('nowhere', 'x'), edge('x', 'nowhere')],
    });
    const { nodes, edges } = await lineageOf([first, second]).read();
    expect(nodes.map(({ title }) => title)).toEqual(['first']);
    expect(edges).toEqual([]);
  });

  it('connects what a hidden node connects', async () => {
    const dbt = source('dbt', {
      nodes: [node('a'), node('scratch', { hidden: true }), node('b')],
      edges: [edge('a', 'scratch'), edge('scratch', 'b')],
    });
    const { nodes, edges } = await lineageOf([dbt]).read();
    expect(nodes.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(nodes[0]).not.toHaveProperty('hidden');
    expect(edges).toEqual([edge('a', 'b')]);
  });

  it('says what could not be read, and has the rest', async () => {
    const fails = async () => {
      throw new Error('no manifest');
    };
    const dbt = { ...source('dbt', {}), read: fails };
    const lake = {
      ...source('lake', { nodes: [node('bronze')] }),
      facts: fails,
    };
    const lineage = lineageOf([dbt, lake, source('idle', {})], fails);
    const { nodes, problems } = await lineage.read();
    expect(nodes.map(({ id }) => id)).toEqual(['bronze']);
    expect(problems.sort()).toEqual([
      'dbt: no manifest',
      'idle: has no nodes',
      'runs: no manifest',
      'state of lake: no manifest',
    ]);
  });

  it('has the state that the layer knows, and the last run of the step that writes the node', async () => {
    const tests = { passed: 1, failed: 1, failing: ['grain'] };
    const dbt = source(
      'dbt',
      { nodes: [node('gold', { step: 'build' }), node('seed')] },
      { gold: { rows: 0, updatedAt: '2026-01-07T00:00:00.000Z', tests } },
    );
    const lineage = lineageOf(
      [dbt],
      async () => new Map([['build', run('failed')]]),
    );
    const { nodes } = await lineage.read();
    expect(nodes.map(({ state }) => state)).toEqual([
      {
        updatedAt: '2026-01-07T00:00:00.000Z',
        runId: 'run-1',
        ok: false,
        rows: 0,
        tests,
      },
      null,
    ]);
  });

  it('takes the end of the run where the layer knows no time', async () => {
    const dbt = source('dbt', { nodes: [node('gold', { step: 'build' })] });
    const lineage = lineageOf(
      [dbt],
      async () => new Map([['build', run('succeeded')]]),
    );
    const [{ state }] = (await lineage.read()).nodes;
    expect(state).toEqual({
      updatedAt: '2026-01-08T00:01:00.000Z',
      runId: 'run-1',
      ok: true,
      rows: null,
      tests: null,
    });
  });

  it('takes a cancelled run for no word on what is there', async () => {
    const dbt = source('dbt', { nodes: [node('gold', { step: 'build' })] });
    const lineage = lineageOf(
      [dbt],
      async () => new Map([['build', run('cancelled')]]),
    );
    const [{ state }] = (await lineage.read()).nodes;
    expect(state).toMatchObject({ runId: 'run-1', ok: null, updatedAt: null });
  });

  it('has more about a node from the layer that knows it', async () => {
    const about = { columns: [], sql: 'select 1', path: 'gold.sql', tests: [] };
    const lineage = lineageOf([
      source('lake', { nodes: [node('bronze')] }),
      {
        ...source('dbt', { nodes: [node('gold')] }),
        detail: async id => (id === 'gold' ? about : undefined),
      },
    ]);
    expect(await lineage.node('gold')).toMatchObject(about);
    expect(await lineage.node('bronze')).toMatchObject({
      node: { id: 'bronze' },
      columns: [],
      sql: null,
    });
    await expect(lineage.node('nowhere')).rejects.toThrow(
      "The lineage has no node 'nowhere'",
    );
  });

  it('asks the layer of a node alone, and for the run of its step alone', async () => {
    const asked: string[] = [];
    const spied = (id: string): LineageSource => ({
      id,
      read: async () => ({ nodes: [node(id, { step: 'build' })], edges: [] }),
      facts: async () => {
        asked.push(id);
        return { [id]: { rows: 7 } };
      },
    });
    const runs = jest.fn(
      async (_steps?: StepId[]) =>
        new Map([['build' as const, run('succeeded')]]),
    );
    const lineage = lineageOf([spied('lake'), spied('dbt')], runs);
    expect(await lineage.node('dbt')).toMatchObject({
      node: { state: { runId: 'run-1', rows: 7 } },
    });
    expect(asked).toEqual(['dbt']);
    expect(runs.mock.calls).toEqual([[['build']]]);
  });

  it('takes what more is known of a node from whoever knows it', async () => {
    const detail = { columns: [], sql: null, path: 'x.yml', tests: [] };
    const reads = {
      ...source('dbt', { nodes: [node('gold')] }),
      detail: async (id: string) => (id === 'bronze' ? detail : undefined),
    };
    const lake = source('lake', { nodes: [node('bronze')] });
    const lineage = lineageOf([reads, lake]);
    expect(await lineage.node('bronze')).toMatchObject({ path: 'x.yml' });
    expect(await lineage.node('gold')).toMatchObject({ path: null });
  });

  it('has a node whose state can not be told', async () => {
    const fails = async () => {
      throw new Error('no catalog');
    };
    const lake = {
      ...source('lake', { nodes: [node('bronze', { step: 'commit' })] }),
      facts: fails,
    };
    const lineage = lineageOf([{ ...lake, id: 'x', read: fails }, lake], fails);
    expect((await lineage.node('bronze')).node.state).toBeNull();
  });

  it('refuses two sources of one id', () => {
    const sources = new LineageSources();
    sources.addSource(source('dbt', {}));
    expect(() => sources.addSource(source('dbt', {}))).toThrow("'dbt'");
  });
});
