import {
  collapse,
  LineageEdge,
  LineageNode,
  LineagePart,
} from '@naap/plugin-naap-common';
import type { LineageGraph } from '@naap/plugin-naap-node';

type Part<T> = T extends Array<infer U> ? U : never;

/**
 * One graph of the graphs of all layers, without what is hidden. Of nodes and parts that two layers bring the first
 * stays; an edge to a node that nobody brings is left out. Pure.
 */
export function mergeGraphs(graphs: LineageGraph[]): {
  nodes: Array<Omit<LineageNode, 'state'>>;
  edges: LineageEdge[];
  parts: LineagePart[];
} {
  const nodes = new Map<string, Part<LineageGraph['nodes']>>();
  const parts = new Map<string, LineagePart>();
  const edges = new Map<string, LineageEdge>();
  for (const graph of graphs) {
    for (const node of graph.nodes) {
      if (!nodes.has(node.id)) nodes.set(node.id, node);
    }
    for (const part of graph.parts ?? []) {
      if (!parts.has(part.name)) parts.set(part.name, part);
    }
    for (const edge of graph.edges) {
      edges.set(JSON.stringify([edge.from, edge.to]), edge);
    }
  }
  const known = [...edges.values()].filter(
    ({ from, to }) => nodes.has(from) && nodes.has(to),
  );
  const shown = [...nodes.values()].filter(node => !node.hidden);
  return {
    nodes: shown.map(({ hidden, ...node }) => node),
    edges: collapse(known, new Set(shown.map(node => node.id))),
    parts: [...parts.values()],
  };
}
