import { Skeleton } from '@backstage/ui';
import { IngestStatsRow } from '@naap/plugin-naap-common';
import { memo, useMemo } from 'react';
import { CardHead } from '../components/Card';
import { EmptyPanel } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import { ExportMenu } from '../export/ExportMenu';
import { ExportMeta } from '../export/table';
import { formatCount, formatValue } from '../lib/format';
import styles from './QualityPage.module.css';
import { classTotals, reasonTotals } from './qualityFigures';
import { exportReasons } from './classSeries';
import { REASON_TEXT } from './reasons';

/** Why messages of the window were ignored or rejected; each reason leads to its messages. */
export const ReasonSection = memo(
  (props: {
    /** Undefined until they are known. */
    rows: readonly IngestStatsRow[] | undefined;
    meta: ExportMeta;
    onSelect: (reason: string) => void;
  }) => {
    const { rows, meta, onSelect } = props;
    const reasons = useMemo(() => reasonTotals(rows ?? []), [rows]);
    const { read } = useMemo(() => classTotals(rows ?? []), [rows]);
    return (
      <>
        <CardHead
          title="Reasons"
          subtitle="of ignored and rejected messages in this window"
        >
          {rows && (
            <ExportMenu
              what="reasons"
              load={() => ({ table: exportReasons(rows), meta })}
            />
          )}
        </CardHead>
        {!rows && (
          <div
            className={styles.loading}
            role="status"
            aria-label="Loading reasons"
          >
            <Skeleton className={tokens.skeleton} width="100%" height={96} />
          </div>
        )}
        {rows && reasons.length === 0 && (
          <EmptyPanel title="None">
            No message of this window was ignored or rejected.
          </EmptyPanel>
        )}
        {reasons.length > 0 && (
          <div className={styles.scroller} tabIndex={-1}>
            <table className={styles.table} aria-label="Reasons">
              <thead>
                <tr>
                  <th scope="col">Reason</th>
                  <th scope="col">What it means</th>
                  <th scope="col" className={styles.numeric}>
                    Messages
                  </th>
                  <th scope="col" className={styles.numeric}>
                    Of all
                  </th>
                </tr>
              </thead>
              <tbody>
                {reasons.map(({ reason, messages }) => (
                  <tr key={reason}>
                    <th scope="row">
                      <button
                        type="button"
                        className={styles.select}
                        onClick={() => onSelect(reason)}
                      >
                        {reason}
                      </button>
                    </th>
                    <td className={styles.muted}>
                      {REASON_TEXT[reason] ?? ''}
                    </td>
                    <td className={styles.numeric}>{formatCount(messages)}</td>
                    <td className={styles.numeric}>
                      {formatValue(
                        read > 0 ? messages / read : null,
                        'fraction',
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </>
    );
  },
);
