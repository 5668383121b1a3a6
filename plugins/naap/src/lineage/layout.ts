import { LINEAGE_LAYERS, LineageLayer } from '@naap/plugin-naap-common';

/** Size of the card of a node and the space around it, px. */
export const CARD = { width: 208, height: 64, gapX: 72, gapY: 16 };

const ROW = CARD.height + CARD.gapY;
const COLUMN = CARD.width + CARD.gapX;
// More change nothing that an eye sees.
const SWEEPS = 8;

interface Node {
  id: string;
  layer: LineageLayer;
}

interface Edge {
  from: string;
  to: string;
}

export interface PlacedNode {
  id: string;
  /** From 0 on the left. */
  column: number;
  /** Upper left corner, px. */
  x: number;
  y: number;
}

export interface LineageLayout {
  nodes: ReadonlyMap<string, PlacedNode>;
  width: number;
  height: number;
  /** Where each layer that has nodes begins and how wide it is, px, left to right. */
  layers: Array<{ layer: LineageLayer; x: number; width: number }>;
}

/**
 * Places a graph left to right: layer after layer, and within a layer by the longest path, so that what is made from
 * something stands right of it. Within a column nodes come in the order and as near to their neighbours as they can,
 * which uncrosses most edges. The same graph is always placed the same. Edges to unknown nodes count for nothing, and a
 * cycle is opened at the edge that closes it.
 */
export function layoutLineage(
  nodes: readonly Node[],
  edges: readonly Edge[],
): LineageLayout {
  const neighbours = neighboursOf(nodes, edges);
  const { columnOf, layers } = columnsOf(nodes, neighbours);
  const columns: string[][] = [];
  for (const id of [...columnOf.keys()].sort()) {
    (columns[columnOf.get(id) ?? 0] ??= []).push(id);
  }
  const y = placeRows(columns, neighbours);
  const top = Math.min(0, ...y.values());
  const placed = new Map(
    [...columnOf].map(([id, column]) => [
      id,
      { id, column, x: column * COLUMN, y: (y.get(id) ?? 0) - top },
    ]),
  );
  return {
    nodes: placed,
    width: Math.max(0, columns.length * COLUMN - CARD.gapX),
    height: Math.max(0, ...[...placed.values()].map(n => n.y + CARD.height)),
    layers,
  };
}

interface Neighbours {
  before: string[];
  after: string[];
}

function neighboursOf(
  nodes: readonly Node[],
  edges: readonly Edge[],
): ReadonlyMap<string, Neighbours> {
  const neighbours = new Map<string, Neighbours>(
    nodes.map(({ id }) => [id, { before: [], after: [] }]),
  );
  for (const { from, to } of edges) {
    const source = neighbours.get(from);
    const target = neighbours.get(to);
    if (source && target && from !== to) {
      source.after.push(to);
      target.before.push(from);
    }
  }
  return neighbours;
}

/** The column of every node: those of its layer begin where the layer before ends. */
function columnsOf(
  nodes: readonly Node[],
  neighbours: ReadonlyMap<string, Neighbours>,
) {
  const columnOf = new Map<string, number>();
  const layers: LineageLayout['layers'] = [];
  let first = 0;
  for (const layer of LINEAGE_LAYERS) {
    const members = nodes.filter(node => node.layer === layer);
    if (members.length === 0) {
      continue;
    }
    const ranks = longestPaths(
      new Set(members.map(({ id }) => id)),
      id => neighbours.get(id)?.before ?? [],
    );
    let columns = 1;
    for (const [id, rank] of ranks) {
      columnOf.set(id, first + rank);
      columns = Math.max(columns, rank + 1);
    }
    layers.push({
      layer,
      x: first * COLUMN,
      width: columns * COLUMN - CARD.gapX,
    });
    first += columns;
  }
  return { columnOf, layers };
}

/** Edges of the longest path that leads to each member through members. */
function longestPaths(
  members: ReadonlySet<string>,
  before: (id: string) => readonly string[],
): Map<string, number> {
  const ranks = new Map<string, number>();
  const open = new Set<string>();
  // With a stack of its own: a chain of a thousand would be deep for calls.
  for (const start of members) {
    const stack = [start];
    while (stack.length) {
      const id = stack[stack.length - 1];
      const sources = before(id).filter(source => members.has(source));
      const next = ranks.has(id)
        ? undefined
        : sources.find(source => !ranks.has(source) && !open.has(source));
      open.add(id);
      if (next !== undefined) {
        stack.push(next);
        continue;
      }
      stack.pop();
      if (!ranks.has(id)) {
        ranks.set(
          id,
          Math.max(-1, ...sources.map(source => ranks.get(source) ?? -1)) + 1,
        );
      }
    }
  }
  return ranks;
}

/**
 * The upper edge of every node. Each sweep goes over the columns, one to the right and the next to the left, puts the
 * nodes of a column in the order of the mean of their neighbours behind, and as near to it as the others let them.
 */
function placeRows(
  columns: readonly string[][],
  neighbours: ReadonlyMap<string, Neighbours>,
): ReadonlyMap<string, number> {
  const y = new Map<string, number>();
  for (const ids of columns) {
    ids.forEach((id, i) => y.set(id, (i - (ids.length - 1) / 2) * ROW));
  }
  const placeColumn = (ids: readonly string[], side: keyof Neighbours) => {
    const wanted = ids
      .map(id => ({ id, at: meanOf(neighbours.get(id)?.[side], y, y.get(id)) }))
      .sort((a, b) => a.at - b.at);
    spread(wanted.map(({ at }) => at)).forEach((at, i) =>
      y.set(wanted[i].id, at),
    );
  };
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    if (sweep % 2 === 0) {
      columns.forEach(ids => placeColumn(ids, 'before'));
    } else {
      [...columns].reverse().forEach(ids => placeColumn(ids, 'after'));
    }
  }
  return y;
}

function meanOf(
  ids: readonly string[] | undefined,
  y: ReadonlyMap<string, number>,
  own = 0,
): number {
  return ids?.length
    ? ids.reduce((sum, id) => sum + (y.get(id) ?? 0), 0) / ids.length
    : own;
}

/**
 * Ascending positions, at least a row apart, as near to the wanted ones as they can be (least squares): wanted positions
 * that are too near pool into a block around their mean.
 */
export function spread(wanted: readonly number[]): number[] {
  const blocks: Array<{ sum: number; size: number }> = [];
  wanted.forEach((at, i) => {
    // Less the rows before it, being a row apart is just being in order.
    let block = { sum: at - i * ROW, size: 1 };
    let last = blocks[blocks.length - 1];
    while (last && last.sum / last.size >= block.sum / block.size) {
      block = { sum: last.sum + block.sum, size: last.size + block.size };
      blocks.pop();
      last = blocks[blocks.length - 1];
    }
    blocks.push(block);
  });
  return blocks
    .flatMap(({ sum, size }) => Array<number>(size).fill(sum / size))
    .map((at, i) => at + i * ROW);
}

/** The path of an edge between two placed nodes, for SVG. */
export function edgePath(from: PlacedNode, to: PlacedNode): string {
  const x1 = from.x + CARD.width;
  const y1 = from.y + CARD.height / 2;
  const y2 = to.y + CARD.height / 2;
  const bend = Math.max(CARD.gapX / 2, (to.x - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${to.x - bend} ${y2} ${to.x} ${y2}`;
}
