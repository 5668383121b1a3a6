import { SwapRow, Window } from '@naap/plugin-naap-common';
import { CardHead } from '../components/Card';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import { ExportMenu } from '../export/ExportMenu';
import { exportMeta } from '../export/table';
import { formatCount } from '../lib/format';
import { EntityText, TableSkeleton } from './OthersTable';
import { useSwaps } from './queries';
import { Subject } from './subject';
import styles from './Table.module.css';

const MOST = 20;

/** From whom requests came to the subject and to whom they went; of a model, between which orchestrators. */
export function SwapCard(props: {
  subject: Subject;
  window: Required<Window>;
  search: string;
}) {
  const { subject, window, search } = props;
  const answer = useSwaps({ ...window, filters: subject.filters });
  const rows = answer.data?.rows;
  const total = rows?.reduce((sum, row) => sum + row.swaps, 0);
  return (
    <>
      <CardHead
        title="Swaps"
        subtitle={total === undefined ? undefined : formatCount(total)}
      >
        {answer.data && (
          <ExportMenu
            what="swaps"
            load={() => ({
              table: {
                name: 'swaps',
                rows: answer.data.rows.map(row => ({ ...row })),
              },
              meta: exportMeta(answer.data.meta),
            })}
          />
        )}
      </CardHead>
      {answer.isError && !rows && (
        <ErrorPanel
          what="The swaps"
          error={answer.error}
          onRetry={() => answer.refetch()}
        />
      )}
      {answer.isPending && <TableSkeleton what="swaps" />}
      {rows?.length === 0 && <EmptyPanel title="No swap in this window" />}
      {rows && rows.length > 0 && (
        <Swaps rows={rows} subject={subject} search={search} />
      )}
    </>
  );
}

function Swaps(props: {
  rows: readonly SwapRow[];
  subject: Subject;
  search: string;
}) {
  const { subject, search } = props;
  const sorted = [...props.rows].sort((a, b) => b.swaps - a.swaps);
  const end = (orchestrator: string | null, absence: string) => {
    if (orchestrator === null) {
      return <span className={styles.muted}>{absence}</span>;
    }
    return orchestrator === subject.id ? (
      'this one'
    ) : (
      <EntityText id={orchestrator} kind="orchestrator" search={search} />
    );
  };
  return (
    <div className={styles.scroller} tabIndex={-1}>
      <table className={styles.table} aria-label="Swaps">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col" className={styles.numeric}>
              Swaps
            </th>
            <th scope="col" className={styles.numeric}>
              Failed
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, MOST).map(({ from, to, swaps, failed }) => (
            <tr key={`${from}/${to}`}>
              <th scope="row">{end(from, 'not known')}</th>
              <td>{end(to, 'none followed')}</td>
              <td className={styles.numeric}>{formatCount(swaps)}</td>
              <td className={styles.numeric}>{formatCount(failed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {sorted.length > MOST && (
        <p className={styles.more}>
          The {MOST} most frequent of {formatCount(sorted.length)} pairs.
        </p>
      )}
    </div>
  );
}
