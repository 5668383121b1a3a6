import {
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiQuestionLine,
} from '@remixicon/react';
import styles from './NodeMark.module.css';
import { NodeHealth, NodeReading } from './nodeState';

const ICONS: Record<NodeHealth, typeof RiQuestionLine> = {
  ok: RiCheckboxCircleFill,
  failed: RiCloseCircleFill,
  unknown: RiQuestionLine,
};

/** Where a node stands, by shape and word. */
export function NodeMark({ reading }: { reading: NodeReading }) {
  const Icon = ICONS[reading.health];
  return (
    <span className={`${styles.root} ${styles[reading.health]}`}>
      <Icon aria-hidden="true" />
      {reading.word}
    </span>
  );
}
