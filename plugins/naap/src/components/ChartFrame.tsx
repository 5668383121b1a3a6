import { ReactNode, useState } from 'react';
import styles from './ChartFrame.module.css';
import { REACHABLE } from './Scroller';

/** What a chart looks like; colours follow the theme. */
export const CHART = {
  axis: { fill: 'var(--naap-muted)', fontSize: 11 },
  axisWidth: 64,
  margin: { top: 8, right: 16, bottom: 0, left: 0 },
  grid: 'var(--naap-line)',
} as const;

/** A chart with what it shows in words, and its numbers in a table behind it. */
export function ChartFrame(props: {
  /** All that the chart says, for those who don't see it. */
  label: string;
  caption: ReactNode;
  heads: readonly string[];
  /** Rows of the table, asked for when it is opened; the first cell names the row. */
  rows: () => ReactNode[][];
  children: ReactNode;
}) {
  const [open, setOpen] = useState(false);
  return (
    <figure className={styles.root}>
      <div role="img" aria-label={props.label}>
        {props.children}
      </div>
      <figcaption className={styles.caption}>{props.caption}</figcaption>
      <details
        className={styles.details}
        onToggle={event => setOpen(event.currentTarget.open)}
      >
        <summary>Numbers as a table</summary>
        {open && (
          <div
            className={styles.scroller}
            role="region"
            aria-label="Numbers of the chart"
            {...REACHABLE}
          >
            <table className={styles.table}>
              <thead>
                <tr>
                  {props.heads.map(head => (
                    <th key={head} scope="col">
                      {head}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {props.rows().map(([name, ...cells], row) => (
                  <tr key={row}>
                    <th scope="row">{name}</th>
                    {cells.map((cell, column) => (
                      <td key={column}>{cell}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </details>
    </figure>
  );
}

/** What stands at the pointer: a moment, and its figures. */
export function ChartTip(props: { title: string; lines: string[] }) {
  return (
    <div className={styles.tip}>
      <strong>{props.title}</strong>
      {props.lines.map(line => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}
