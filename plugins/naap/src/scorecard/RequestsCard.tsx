import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { KpiId, RequestRow, Window } from '@naap/plugin-naap-common';
import { useMemo } from 'react';
import { useSteadyRequests } from '../api/queries';
import { CardHead } from '../components/Card';
import { reasonText } from '../components/OutcomeMark';
import { Pager } from '../components/Pager';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import { useHeld, useReading } from '../components/useReading';
import { formatWindow, WindowChoice } from '../explorer/explorerState';
import { exportRequests } from '../explorer/exportTables';
import {
  PAGE_SIZE,
  RequestRows,
  RequestTableSkeleton,
} from '../explorer/RequestTable';
import { ExportMenu } from '../export/ExportMenu';
import { exportMeta } from '../export/table';
import { formatCount } from '../lib/format';
import { requestRouteRef } from '../routes';
import { BY_TIME, countReasons, REQUESTS_BEHIND } from './requestsBehind';
import styles from './Scorecard.module.css';
import { Subject } from './subject';

/** So many of them are there to look through. */
const SHOWN = 1000;
const FIRST = 5;

/**
 * The requests that a KPI of the subject counts, those first that explain it. Without `onPage` only the first few, with
 * the way to all.
 */
export function RequestsCard(props: {
  subject: Subject;
  choice: WindowChoice;
  window: Required<Window>;
  kpi: KpiId;
  page?: number;
  onPage?: (page: number) => void;
  onAll?: () => void;
}) {
  const { subject, choice, window, kpi, page = 0, onPage, onAll } = props;
  const { reading, props: readingProps } = useReading();
  const answer = useSteadyRequests(
    {
      ...window,
      filters: subject.filters,
      kpi,
      limit: SHOWN,
    },
    reading,
  );
  const { data, isPlaceholderData } = answer;
  const selected = useMemo(() => data && { kpi, data }, [data, kpi]);
  // While the answer is that of another question, it stands under the name of that one.
  const shown = useHeld(selected, isPlaceholderData, '');

  const requestLink = useRouteRef(requestRouteRef);
  const hrefOf = (request: RequestRow) => {
    const params = formatWindow(choice);
    params.set(subject.kind, subject.id);
    params.set('stream_id', request.stream_id);
    const path = requestLink?.({
      requestId: encodeURIComponent(request.request_id),
    });
    return `${path}?${params}`;
  };

  const title = REQUESTS_BEHIND[shown?.kpi ?? kpi];
  const rows = shown?.data.rows;
  const total = shown?.data.total ?? 0;
  const first = onPage ? page * PAGE_SIZE : 0;
  const inView = rows?.slice(first, first + (onPage ? PAGE_SIZE : FIRST));
  const hidden = rows && inView ? rows.length - inView.length : 0;
  return (
    <div {...readingProps}>
      <CardHead title={title} subtitle={rows && formatCount(total)}>
        {data && rows && (
          <ExportMenu
            what={title}
            load={() => ({
              table: exportRequests(rows, total),
              meta: exportMeta(data.meta),
            })}
          />
        )}
      </CardHead>
      {answer.isError && !data && (
        <ErrorPanel
          what="The requests"
          error={answer.error}
          onRetry={() => answer.refetch()}
        />
      )}
      {answer.isPending && <RequestTableSkeleton />}
      {data && rows && inView && (
        <div className={isPlaceholderData ? styles.stale : styles.fresh}>
          <Notes rows={rows} total={total} />
          {inView.length === 0 ? (
            <EmptyPanel
              title={
                rows.length === 0
                  ? 'No such request in this window'
                  : 'No more requests'
              }
            >
              {rows.length > 0 && onPage && (
                <Button
                  size="small"
                  variant="secondary"
                  onPress={() => onPage(0)}
                >
                  To the first
                </Button>
              )}
            </EmptyPanel>
          ) : (
            <RequestRows label={title} rows={inView} hrefOf={hrefOf} />
          )}
          {onPage && inView.length > 0 && (
            <Pager
              what="requests"
              total={rows.length}
              page={page}
              pageSize={PAGE_SIZE}
              onPage={onPage}
              ranked={shown && !BY_TIME.includes(shown.kpi)}
            />
          )}
          {onAll && hidden > 0 && (
            <div className={styles.more}>
              <Button size="small" variant="secondary" onPress={onAll}>
                Show all {formatCount(rows.length)}
              </Button>
            </div>
          )}
        </div>
      )}
    </div>
  );
}

/** Why they failed, and how many there are to look through, where that is to say. */
function Notes(props: { rows: readonly RequestRow[]; total: number }) {
  const reasons = countReasons(props.rows);
  const notes = [
    reasons.length > 0 &&
      `By reason: ${reasons
        .map(
          ({ reason, count }) => `${reasonText(reason)} ${formatCount(count)}`,
        )
        .join(', ')}.`,
    props.total > props.rows.length &&
      `The first ${formatCount(props.rows.length)} of ${formatCount(
        props.total,
      )}.`,
  ].filter(Boolean);
  return notes.length > 0 ? (
    <p className={styles.note}>{notes.join(' ')}</p>
  ) : null;
}
