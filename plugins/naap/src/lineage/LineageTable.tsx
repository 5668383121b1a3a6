import { LineageEdge, LineageNode } from '@naap/plugin-naap-common';
import { useMemo } from 'react';
import { EmptyPanel } from '../components/Panel';
import { formatCount } from '../lib/format';
import styles from './LineageTable.module.css';
import { NodeMark } from './NodeMark';
import { readNode } from './nodeState';

/** The graph as a table: every node with what it is made from and what is made from it. */
export function LineageTable(props: {
  nodes: readonly LineageNode[];
  edges: readonly LineageEdge[];
  selected: string | null;
  nowMs: number;
  titleOf: (id: string) => string;
  onSelect: (id: string) => void;
}) {
  const { nodes, edges, selected, titleOf } = props;
  const { sources, targets } = useMemo(() => {
    const group = (key: 'from' | 'to', value: 'from' | 'to') =>
      Map.groupBy(
        edges.map(edge => ({ key: edge[key], value: edge[value] })),
        edge => edge.key,
      );
    return { sources: group('to', 'from'), targets: group('from', 'to') };
  }, [edges]);
  if (nodes.length === 0) {
    return <EmptyPanel title="No node here">None with this search.</EmptyPanel>;
  }
  const names = (ids: Array<{ value: string }> = []) =>
    ids.map(({ value }) => titleOf(value)).join(', ');
  return (
    <div className={styles.scroller} tabIndex={-1}>
      <table className={styles.table} aria-label="Lineage">
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">State</th>
            <th scope="col" className={styles.numeric}>
              Rows
            </th>
            <th scope="col">Layer</th>
            <th scope="col">Made from</th>
            <th scope="col">Makes</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map(node => {
            const reading = readNode(node, props.nowMs);
            return (
              <tr key={node.id}>
                <th scope="row">
                  <button
                    type="button"
                    className={styles.select}
                    aria-pressed={node.id === selected}
                    onClick={() => props.onSelect(node.id)}
                  >
                    {node.title}
                  </button>
                  <div className={styles.secondary}>{node.type}</div>
                </th>
                <td>
                  <NodeMark reading={reading} />
                  <div className={styles.secondary}>{reading.age}</div>
                </td>
                <td className={styles.numeric}>
                  {typeof node.state?.rows === 'number'
                    ? formatCount(node.state.rows)
                    : '–'}
                </td>
                <td>{node.layer}</td>
                <td className={styles.names}>{names(sources.get(node.id))}</td>
                <td className={styles.names}>{names(targets.get(node.id))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
