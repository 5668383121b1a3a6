import { around, nextNode, reachOf } from './graph';
import { layoutLineage } from './layout';

// topic → gate → events → stg → fct → kpi → api, and a seed beside.
const CHAIN = ['topic', 'gate', 'events', 'stg', 'fct', 'kpi', 'api'];
const edges = [
  ...CHAIN.slice(1).map((to, i) => ({ from: CHAIN[i], to })),
  { from: 'seed', to: 'fct' },
  { from: 'events', to: 'kpi' },
];
const nodes = [...CHAIN, 'seed'].map(id => ({ id }));

describe('reachOf', () => {
  it('finds all that a node comes from and all that comes of it, by the shortest way', () => {
    const { up, down } = reachOf(edges, 'fct');
    expect(Object.fromEntries(up)).toEqual({
      stg: 1,
      seed: 1,
      events: 2,
      gate: 3,
      topic: 4,
    });
    expect(Object.fromEntries(down)).toEqual({ kpi: 1, api: 2 });
    expect(reachOf(edges, 'kpi').up.get('events')).toBe(1);
  });

  it('ends at the depth, and in a cycle', () => {
    expect([...reachOf(edges, 'fct', 1).up.keys()]).toEqual(['stg', 'seed']);
    const cycle = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a' },
    ];
    expect([...reachOf(cycle, 'a').down.keys()]).toEqual(['b']);
  });
});

describe('around', () => {
  it('counts what it hides', () => {
    const part = around({ nodes, edges }, 'fct', 1);
    expect(part.nodes.map(({ id }) => id)).toEqual([
      'stg',
      'fct',
      'kpi',
      'seed',
    ]);
    expect(part.hidden).toBe(4);
    expect(part.edges).toEqual([
      { from: 'stg', to: 'fct' },
      { from: 'fct', to: 'kpi' },
      { from: 'seed', to: 'fct' },
    ]);
  });
});

describe('nextNode', () => {
  const layout = layoutLineage(
    [
      { id: 'a', layer: 'bronze' },
      { id: 'b', layer: 'bronze' },
      { id: 'c', layer: 'gold' },
    ],
    [{ from: 'a', to: 'c' }],
  );

  it('goes to the next column and within one', () => {
    expect(nextNode(layout, 'a', 'right')).toBe('c');
    expect(nextNode(layout, 'a', 'down')).toBe('b');
    expect(nextNode(layout, 'b', 'up')).toBe('a');
    expect(nextNode(layout, 'c', 'left')).toBe('a');
  });

  it('stays where nothing is', () => {
    expect(nextNode(layout, 'c', 'right')).toBeUndefined();
    expect(nextNode(layout, 'a', 'up')).toBeUndefined();
    expect(nextNode(layout, 'nowhere', 'up')).toBeUndefined();
  });
});
