import { LineageNode } from '@naap/plugin-naap-common';
import { memo } from 'react';
import { cutMiddle } from '../lib/format';
import { PlacedNode } from './layout';
import styles from './NodeCard.module.css';
import { NodeMark } from './NodeMark';
import { readNode } from './nodeState';

const TITLE_LENGTH = 28;

/** A node in the graph: what it is and where it stands. */
export const NodeCard = memo(
  (props: {
    node: LineageNode;
    placed: PlacedNode;
    isSelected: boolean;
    isDimmed: boolean;
    isFound: boolean;
    isTabStop: boolean;
    nowMs: number;
    onSelect: (id: string) => void;
    onFocus: (id: string) => void;
  }) => {
    const { node, placed, nowMs } = props;
    const reading = readNode(node, nowMs);
    const classes = [
      styles.card,
      props.isSelected && styles.selected,
      props.isDimmed && styles.dimmed,
      props.isFound && styles.found,
    ];
    return (
      <button
        type="button"
        className={classes.filter(Boolean).join(' ')}
        style={{ left: placed.x, top: placed.y }}
        data-node={node.id}
        tabIndex={props.isTabStop ? 0 : -1}
        aria-pressed={props.isSelected}
        onClick={() => props.onSelect(node.id)}
        onFocus={() => props.onFocus(node.id)}
      >
        <span className={styles.title} title={node.title}>
          {cutMiddle(node.title, TITLE_LENGTH)}
        </span>
        <span className={styles.type}>
          {[node.type, reading.rows].filter(Boolean).join(' · ')}
        </span>
        <span className={styles.state}>
          <NodeMark reading={reading} />
          {reading.age && <span className={styles.type}>{reading.age}</span>}
        </span>
      </button>
    );
  },
);
