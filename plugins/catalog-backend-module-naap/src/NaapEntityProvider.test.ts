import { mockServices } from '@backstage/backend-test-utils';
import type {
  DeferredEntity,
  EntityProviderMutation,
} from '@backstage/plugin-catalog-node';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { inventory, lineage } from './__testUtils__/naap';
import { Held, NaapEntityProvider, NaapReader } from './NaapEntityProvider';

const MINUTE_MS = 60_000;
const NOW = new Date('2026-01-31T12:00:00.000Z');
const NOTHING = { added: [], removed: [] };
const never = new AbortController().signal;

const refs = (deferred: Array<DeferredEntity | { entityRef: string }>) =>
  deferred.map(one =>
    'entityRef' in one ? one.entityRef : stringifyEntityRef(one.entity),
  );

/** A provider, what it reads, and a catalog that keeps what it is told. */
async function setUp(before: Partial<Record<keyof Held, string[]>> = {}) {
  const read = { lineage: lineage(), inventory: inventory(['0xab'], ['sd']) };
  const fails = new Set<keyof NaapReader>();
  const hangs = new Set<keyof NaapReader>();
  const answer = async <T>(what: keyof NaapReader, value: T) => {
    if (hangs.has(what)) await new Promise(() => {});
    if (fails.has(what)) throw new Error(`${what} is down`);
    return value;
  };
  const held = {
    platform: new Set(before.platform),
    network: new Set(before.network),
  };
  const known = (part: Set<string>) =>
    new Map([...part].map(ref => [ref, null]));
  const provider = new NaapEntityProvider({
    reader: {
      lineage: () => answer('lineage', read.lineage),
      inventory: () => answer('inventory', read.inventory),
      definition: () => answer('definition', '{}'),
    },
    heldByCatalog: async () => ({
      platform: known(held.platform),
      network: known(held.network),
    }),
    schedule: { run: async () => {} },
    installation: {
      owner: 'group:default/owners',
      appUrl: 'https://portal.example',
      definitionUrl: 'https://portal.example/openapi.json',
    },
    logger: mockServices.logger.mock(),
  });
  const mutations: Array<EntityProviderMutation & { type: 'delta' }> = [];
  let refuses = false;
  await provider.connect({
    async applyMutation(mutation) {
      if (refuses) throw new Error('The catalog is down');
      if (mutation.type !== 'delta') throw new Error('A full mutation');
      mutations.push(mutation);
      for (const ref of refs(mutation.added)) {
        held[/orchestrator-|model-/.test(ref) ? 'network' : 'platform'].add(
          ref,
        );
      }
      refs(mutation.removed).forEach(ref => held.platform.delete(ref));
    },
    async refresh() {},
  });
  return {
    read,
    fails,
    hang: (what: keyof NaapReader) => hangs.add(what),
    held,
    refuse: (now: boolean) => {
      refuses = now;
    },
    refreshRejected: () =>
      expect(provider.refresh(never)).rejects.toThrow('The catalog is down'),
    /** What a refresh tells the catalog. */
    async refresh() {
      mutations.length = 0;
      await provider.refresh(never);
      return {
        added: mutations.flatMap(mutation => refs(mutation.added)).sort(),
        removed: mutations.flatMap(mutation => refs(mutation.removed)),
      };
    },
  };
}

describe('NaapEntityProvider', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('tells everything at first, and then only what has changed', async () => {
    const { read, refresh } = await setUp();
    const first = await refresh();
    expect(first.added).toHaveLength(14);
    expect(first.removed).toEqual([]);
    expect(await refresh()).toEqual(NOTHING);

    read.lineage.nodes[0].description = 'Another one.';
    read.inventory = inventory(['0xab', '0xcd'], ['sd']);
    expect(await refresh()).toEqual({
      added: ['resource:default/orchestrator-0xcd', 'resource:default/topic'],
      removed: [],
    });
  });

  it('removes what a whole lineage does not name any more', async () => {
    const { read, refresh } = await setUp();
    await refresh();
    read.lineage.nodes.splice(0, 1);
    expect(await refresh()).toEqual({
      added: ['component:default/gate'],
      removed: ['resource:default/topic'],
    });
  });

  it('adds, but removes and changes nothing, while a layer has a problem', async () => {
    const { read, refresh } = await setUp();
    await refresh();
    const whole = read.lineage;
    read.lineage = {
      ...whole,
      nodes: [
        ...whole.nodes.filter(({ id }) => id !== 'gold'),
        { ...whole.nodes[0], id: 'new', entity: null },
        {
          ...whole.nodes[0],
          id: 'newer',
          entity: { kind: 'Resource', name: 'newer', type: 't', tags: [] },
        },
      ],
      problems: ['dbt: cannot be read'],
    };
    expect(await refresh()).toEqual({
      added: ['resource:default/newer'],
      removed: [],
    });
    read.lineage = whole;
    expect(await refresh()).toEqual({
      added: [],
      removed: ['resource:default/newer'],
    });
  });

  it.each(['lineage', 'definition'] as const)(
    'leaves the platform as it is when its %s cannot be read',
    async what => {
      const { read, fails, refresh } = await setUp();
      await refresh();
      fails.add(what);
      read.lineage = { ...read.lineage, nodes: [] };
      read.inventory = inventory(['0xab', '0xcd'], ['sd']);
      expect(await refresh()).toEqual({
        added: ['resource:default/orchestrator-0xcd'],
        removed: [],
      });
    },
  );

  it('leaves the network as it is when it cannot be read', async () => {
    const { read, fails, refresh } = await setUp();
    await refresh();
    fails.add('inventory');
    read.lineage.nodes.splice(0, 1);
    expect((await refresh()).removed).toEqual(['resource:default/topic']);
  });

  it('takes an empty answer for no answer', async () => {
    const { read, refresh } = await setUp();
    await refresh();
    read.lineage = { nodes: [], edges: [], parts: [], problems: [] };
    read.inventory = inventory([]);
    expect(await refresh()).toEqual(NOTHING);
  });

  it('does not keep the network waiting for the lineage', async () => {
    const { hang, held, refresh } = await setUp();
    hang('lineage');
    void refresh();
    await jest.advanceTimersByTimeAsync(1);
    expect([...held.network]).toEqual([
      'resource:default/orchestrator-0xab',
      'resource:default/model-sd',
    ]);
  });

  it('never removes an orchestrator or a model', async () => {
    const { read, refresh } = await setUp();
    await refresh();
    read.inventory = inventory(['0xcd']);
    expect(await refresh()).toEqual({
      added: ['resource:default/orchestrator-0xcd'],
      removed: [],
    });
  });

  it('marks who has been silent for 30 days, and unmarks who is back', async () => {
    const { read, refresh } = await setUp();
    const ref = 'resource:default/orchestrator-0xab';
    read.inventory = inventory(['0xab'], [], '2026-01-02T00:00:00.000Z');
    await refresh();
    jest.setSystemTime(new Date('2026-02-02T00:00:00.000Z'));
    expect((await refresh()).added).toEqual([ref]);
    read.inventory = inventory(['0xab'], [], '2026-02-02T00:00:00.000Z');
    expect((await refresh()).added).toEqual([ref]);
  });

  it('goes on after a restart with what the catalog holds', async () => {
    const { held, read, refresh } = await setUp({
      platform: ['resource:default/topic', 'resource:default/of-old'],
      network: ['resource:default/orchestrator-0x99'],
    });
    const first = await refresh();
    expect(first.removed).toEqual(['resource:default/of-old']);
    // Nobody knows what it was told of the topic.
    expect(first.added).toContain('resource:default/topic');
    expect(held.network).toContain('resource:default/orchestrator-0x99');
    expect(read.inventory.orchestrators).toHaveLength(1);
  });

  it('changes nothing after a restart while a layer has a problem', async () => {
    const { read, refresh } = await setUp({
      platform: ['resource:default/topic', 'resource:default/of-old'],
    });
    read.lineage.problems.push('dbt: cannot be read');
    const first = await refresh();
    expect(first.removed).toEqual([]);
    expect(first.added).not.toContain('resource:default/topic');
  });

  it('tells again what the catalog has lost', async () => {
    const { held, refresh } = await setUp();
    await refresh();
    held.network.delete('resource:default/model-sd');
    expect(await refresh()).toEqual(NOTHING);
    jest.setSystemTime(NOW.getTime() + 10 * MINUTE_MS);
    expect(await refresh()).toEqual({
      added: ['resource:default/model-sd'],
      removed: [],
    });
  });

  it('tells again what the catalog refused', async () => {
    const { refuse, refresh, refreshRejected } = await setUp();
    refuse(true);
    await refreshRejected();
    refuse(false);
    expect((await refresh()).added).toHaveLength(14);
  });
});
