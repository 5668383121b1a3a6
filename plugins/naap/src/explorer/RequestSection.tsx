import { useApi, useRouteRef } from '@backstage/frontend-plugin-api';
import {
  KpiFilters,
  Outcome,
  RequestRow,
  Window,
} from '@naap/plugin-naap-common';
import { memo } from 'react';
import { useLocation } from 'react-router-dom';
import { naapApiRef } from '../api/naapApi';
import { allPages, MOST_ROWS } from '../api/pages';
import { useSteadyRequests } from '../api/queries';
import { CardHead } from '../components/Card';
import { ErrorPanel } from '../components/Panel';
import { useReading } from '../components/useReading';
import { ExportMenu } from '../export/ExportMenu';
import { exportMeta } from '../export/table';
import { formatCount } from '../lib/format';
import { requestRouteRef } from '../routes';
import styles from './ExplorerPage.module.css';
import { exportRequests } from './exportTables';
import {
  OutcomeSelect,
  PAGE_SIZE,
  RequestTable,
  RequestTableSkeleton,
} from './RequestTable';
import { ChangeState } from './useExplorerState';

/** As many as the API answers at once. */
const PAGE_EXPORTED = 10_000;

/** The requests of the window and the filters, newest first. */
export const RequestSection = memo(
  (props: {
    window: Required<Window>;
    filters: KpiFilters;
    outcome: Outcome[];
    page: number;
    onChange: ChangeState;
  }) => {
    const { window, filters, outcome, page, onChange } = props;
    const api = useApi(naapApiRef);
    const { reading, props: readingProps } = useReading();
    const query = {
      ...window,
      filters,
      outcome,
      limit: PAGE_SIZE,
      offset: page * PAGE_SIZE,
    };
    const requests = useSteadyRequests(query, reading);
    const { data, isPlaceholderData } = requests;

    const requestLink = useRouteRef(requestRouteRef);
    const { search } = useLocation();
    const hrefOf = (request: RequestRow) => {
      const params = new URLSearchParams(search);
      params.set('stream_id', request.stream_id);
      const path = requestLink?.({
        requestId: encodeURIComponent(request.request_id),
      });
      return `${path}?${params}`;
    };

    const exportAll = async () => {
      const all = await allPages(
        cursor =>
          api.requests({
            ...window,
            filters,
            outcome,
            limit: PAGE_EXPORTED,
            cursor,
          }),
        MOST_ROWS,
      );
      return {
        table: exportRequests(all.rows, all.total),
        meta: exportMeta(all.meta),
      };
    };

    return (
      <div {...readingProps}>
        <CardHead title="Requests" subtitle={data && formatCount(data.total)}>
          <div className={styles.outcome}>
            <OutcomeSelect
              selected={outcome}
              onChange={next => onChange({ outcome: next })}
            />
          </div>
          <ExportMenu what="requests" load={exportAll} />
        </CardHead>
        {requests.isError && !data && (
          <ErrorPanel
            what="The requests"
            error={requests.error}
            onRetry={() => requests.refetch()}
          />
        )}
        {requests.isPending && <RequestTableSkeleton />}
        {data && (
          <div className={isPlaceholderData ? styles.stale : styles.fresh}>
            <RequestTable
              answer={data}
              page={page}
              onPage={next => onChange({ page: next })}
              hrefOf={hrefOf}
            />
          </div>
        )}
      </div>
    );
  },
);
