import { ReactNode } from 'react';
import { NOTHING } from '../lib/format';
import styles from './Figures.module.css';

/** One number with its name and what it rests on; null is "–" with the reason on hover. */
export interface NamedFigure {
  name: string;
  value: string | null;
  evidence: ReactNode;
  /** Why there is no value. */
  absence?: string;
}

export function Figures({ figures }: { figures: readonly NamedFigure[] }) {
  return (
    <dl className={styles.root}>
      {figures.map(({ name, value, evidence, absence }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd
            className={styles.value}
            title={value === null ? absence : undefined}
          >
            {value ?? NOTHING}
          </dd>
          <dd className={styles.evidence}>
            {value === null ? absence : evidence}
          </dd>
        </div>
      ))}
    </dl>
  );
}
