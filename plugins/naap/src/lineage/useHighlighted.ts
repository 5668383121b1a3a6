import { LineageEdge } from '@naap/plugin-naap-common';
import { useMemo } from 'react';
import { reachOf } from './graph';
import { useLineageNode } from './queries';

/**
 * The nodes that stand out: all up- and downstream of the selected one, or, while one of its columns is open, only
 * where that column comes from. Null without a selection.
 */
export function useHighlighted(
  edges: readonly LineageEdge[],
  node: string | null,
  column: string | null,
): ReadonlySet<string> | null {
  const detail = useLineageNode(column === null ? null : node);
  const origins = detail.data?.columns.find(({ name }) => name === column);
  return useMemo(() => {
    if (node === null) {
      return null;
    }
    if (origins) {
      return new Set([node, ...origins.from.map(origin => origin.node)]);
    }
    const { up, down } = reachOf(edges, node);
    return new Set([node, ...up.keys(), ...down.keys()]);
  }, [edges, node, origins]);
}
