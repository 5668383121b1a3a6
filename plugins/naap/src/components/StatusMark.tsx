import { KPI_STATUS_TEXT, KpiStatus } from '@naap/plugin-naap-common';
import styles from './StatusMark.module.css';

const SHAPES: Record<KpiStatus, JSX.Element> = {
  met: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="M4.8 8.2l2.2 2.3 4.2-4.8" className={styles.cut} />
    </>
  ),
  not_met: (
    <>
      <path d="M8 0.6L15.4 8 8 15.4 0.6 8z" fill="currentColor" />
      <path d="M8 4.4v4.2M8 10.9v.2" className={styles.cut} />
    </>
  ),
  too_few: (
    <circle
      cx="8"
      cy="8"
      r="6"
      className={styles.outline}
      strokeDasharray="3.2 3.1"
    />
  ),
  inconclusive: (
    <>
      <circle cx="8" cy="8" r="6" className={styles.outline} />
      <path d="M8 2a6 6 0 0 0 0 12z" fill="currentColor" />
    </>
  ),
  no_target: <path d="M3 8h10" className={styles.outline} />,
};

/** The status as a shape of its own, so that it can be told without colour; the word goes beside it or is read out. */
export function StatusMark(props: {
  status: KpiStatus;
  word: boolean;
  /** Where there is more to say than the word: `2 of 4 models meet it`. */
  text?: string;
}) {
  const text = props.text ?? KPI_STATUS_TEXT[props.status];
  return (
    <span className={`${styles.root} ${styles[props.status]}`}>
      <svg
        viewBox="0 0 16 16"
        className={styles.shape}
        {...(props.word
          ? { 'aria-hidden': true }
          : { role: 'img', 'aria-label': text })}
      >
        {SHAPES[props.status]}
      </svg>
      {props.word && <span>{text}</span>}
    </span>
  );
}
