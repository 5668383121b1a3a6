import fc from 'fast-check';
import { LINEAGE_LAYERS } from '@naap/plugin-naap-common';
import { CARD, edgePath, layoutLineage, LineageLayout, spread } from './layout';
import { randomLineage } from './randomLineage';

const node = (
  id: string,
  layer: (typeof LINEAGE_LAYERS)[number] = 'silver',
) => ({
  id,
  layer,
});
const edge = (from: string, to: string) => ({ from, to });

/** Pairs of edges between two columns that cross. */
function crossings(
  { nodes }: LineageLayout,
  edges: ReadonlyArray<{ from: string; to: string }>,
): number {
  const ends = edges.map(({ from, to }) => [
    nodes.get(from)?.y ?? 0,
    nodes.get(to)?.y ?? 0,
  ]);
  return ends
    .flatMap((a, i) => ends.slice(i + 1).map(b => [a, b]))
    .filter(([a, b]) => (a[0] - b[0]) * (a[1] - b[1]) < 0).length;
}

describe('layoutLineage', () => {
  it('goes from the topic to the API, whatever order the nodes come in', () => {
    const nodes = [...LINEAGE_LAYERS]
      .reverse()
      .map(layer => node(layer, layer));
    const layout = layoutLineage(nodes, []);
    expect(
      LINEAGE_LAYERS.map(layer => layout.nodes.get(layer)?.column),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(layout.layers.map(({ layer }) => layer)).toEqual([
      ...LINEAGE_LAYERS,
    ]);
  });

  it('puts what is made from something right of it, by the longest path of the layer', () => {
    const layout = layoutLineage(
      [node('a'), node('b'), node('c'), node('gold', 'gold')],
      [edge('a', 'b'), edge('b', 'c'), edge('a', 'c'), edge('a', 'gold')],
    );
    const column = (id: string) => layout.nodes.get(id)?.column;
    expect([column('a'), column('b'), column('c')]).toEqual([0, 1, 2]);
    expect(column('gold')).toBe(3);
  });

  it('uncrosses what can be uncrossed', () => {
    const ids = ['1', '2', '3', '4', '5', '6'];
    const nodes = ids.flatMap(id => [node(`s${id}`), node(`t${id}`, 'gold')]);
    const edges = ids.map((id, i) => edge(`s${id}`, `t${ids[5 - i]}`));
    expect(crossings(layoutLineage(nodes, edges), edges)).toBe(0);
  });

  it('opens cycles, and leaves out edges to nodes that nobody brought', () => {
    const layout = layoutLineage(
      [node('a'), node('b')],
      [edge('a', 'b'), edge('b', 'a'), edge('a', 'a'), edge('x', 'b')],
    );
    expect(layout.nodes.size).toBe(2);
    expect(layout.nodes.get('a')?.column).not.toBe(
      layout.nodes.get('b')?.column,
    );
  });

  it('has no place for no nodes', () => {
    expect(layoutLineage([], [])).toEqual({
      nodes: new Map(),
      width: 0,
      height: 0,
      layers: [],
    });
  });

  it('never lays a card on another, leaves none out, and is the same every time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 120 }),
        fc.integer(),
        (size, edgeCount, seed) => {
          const { nodes, edges } = randomLineage(size, edgeCount, seed);
          const layout = layoutLineage(nodes, edges);
          const placed = [...layout.nodes.values()];
          expect(placed).toHaveLength(nodes.length);
          placed.forEach((a, i) =>
            placed.slice(i + 1).forEach(b => {
              expect(
                a.column !== b.column ||
                  Math.abs(a.y - b.y) > CARD.height + CARD.gapY - 0.01,
              ).toBe(true);
            }),
          );
          placed.forEach(({ x, y }) => {
            expect(x >= 0 && x + CARD.width <= layout.width).toBe(true);
            expect(y >= 0 && y + CARD.height <= layout.height + 0.01).toBe(
              true,
            );
          });
          const again = layoutLineage([...nodes].reverse(), edges);
          expect([...again.nodes].sort()).toEqual([...layout.nodes].sort());
        },
      ),
      { numRuns: 50 },
    );
  });

  it('lays 1,000 nodes and 2,000 edges out within a second of the processor', () => {
    const { nodes, edges } = randomLineage(1000, 2000, 1);
    const began = process.cpuUsage();
    layoutLineage(nodes, edges);
    // Some 30 ms; and of the clock a busy machine takes what it likes.
    expect(process.cpuUsage(began).user).toBeLessThan(1_000_000);
  });
});

describe('spread', () => {
  const row = CARD.height + CARD.gapY;

  it('leaves alone what is far enough apart', () => {
    expect(spread([0, row, 5 * row])).toEqual([0, row, 5 * row]);
  });

  it('puts what wants the same place around it', () => {
    expect(spread([0, 0, 0])).toEqual([-row, 0, row]);
  });
});

it('draws an edge from the right side of a card to the left side of the next', () => {
  const at = { id: '', column: 0, x: 0, y: 0 };
  expect(edgePath(at, { ...at, x: 280, y: 80 })).toBe(
    'M208 32C244 32 244 112 280 112',
  );
});
