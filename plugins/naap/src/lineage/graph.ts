import { LineageEdge } from '@naap/plugin-naap-common';
import { LineageLayout } from './layout';

/** What a node comes from and what comes of it, by the number of edges to it. */
export interface Reach {
  up: ReadonlyMap<string, number>;
  down: ReadonlyMap<string, number>;
}

/** Everything up- and downstream of a node, within so many edges. The node itself is in neither. */
export function reachOf(
  edges: readonly LineageEdge[],
  id: string,
  depth = Infinity,
): Reach {
  const before = new Map<string, string[]>();
  const after = new Map<string, string[]>();
  for (const { from, to } of edges) {
    push(before, to, from);
    push(after, from, to);
  }
  return { up: walk(before, id, depth), down: walk(after, id, depth) };
}

function push(map: Map<string, string[]>, key: string, value: string) {
  const values = map.get(key);
  if (values) {
    values.push(value);
  } else {
    map.set(key, [value]);
  }
}

function walk(
  next: ReadonlyMap<string, string[]>,
  start: string,
  depth: number,
): ReadonlyMap<string, number> {
  const distances = new Map([[start, 0]]);
  let frontier = [start];
  for (let distance = 1; frontier.length && distance <= depth; distance += 1) {
    const found: string[] = [];
    for (const id of frontier.flatMap(from => next.get(from) ?? [])) {
      if (!distances.has(id)) {
        distances.set(id, distance);
        found.push(id);
      }
    }
    frontier = found;
  }
  distances.delete(start);
  return distances;
}

/** The part of the graph that is within a depth of a node, and how many nodes that leaves out. */
export function around<N extends { id: string }>(
  graph: { nodes: readonly N[]; edges: readonly LineageEdge[] },
  id: string,
  depth: number,
): { nodes: N[]; edges: LineageEdge[]; hidden: number } {
  const { up, down } = reachOf(graph.edges, id, depth);
  const isShown = (other: string) =>
    other === id || up.has(other) || down.has(other);
  const nodes = graph.nodes.filter(node => isShown(node.id));
  return {
    nodes,
    edges: graph.edges.filter(({ from, to }) => isShown(from) && isShown(to)),
    hidden: graph.nodes.length - nodes.length,
  };
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The node to go to by an arrow key: the next one in the column, or the nearest one in the next column that has any. */
export function nextNode(
  layout: LineageLayout,
  id: string,
  direction: Direction,
): string | undefined {
  const from = layout.nodes.get(id);
  if (!from) {
    return undefined;
  }
  const others = [...layout.nodes.values()].filter(other => other.id !== id);
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  const isVertical = direction === 'up' || direction === 'down';
  const ahead = others.filter(other =>
    isVertical
      ? other.column === from.column && sign * (other.y - from.y) > 0
      : sign * (other.column - from.column) > 0,
  );
  const distance = (other: { column: number; y: number }) =>
    Math.abs(other.column - from.column) * layout.height +
    Math.abs(other.y - from.y);
  return ahead.sort((a, b) => distance(a) - distance(b))[0]?.id;
}
