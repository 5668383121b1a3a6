import { useRouteRef } from '@backstage/frontend-plugin-api';
import { KpiId, KpiRow, RequestRow, Window } from '@naap/plugin-naap-common';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation } from 'react-router-dom';
import {
  useDimensions,
  useFreshness,
  useKpis,
  useRequests,
} from '../api/queries';
import { ErrorPanel } from '../components/Panel';
import { useReading } from '../components/useReading';
import { formatCount } from '../lib/format';
import { firstDirection } from '../lib/sortRows';
import { formatUtc } from '../lib/time';
import { requestRouteRef } from '../routes';
import { AlertStrip } from './AlertStrip';
import { EmptyWindow, NoEvents } from './EmptyStates';
import styles from './ExplorerPage.module.css';
import { isFiltered, resolveWindow, toggleSort } from './explorerState';
import { facetsByOrchestrator } from './facets';
import { FilterBar } from './FilterBar';
import { KpiTiles, KpiTilesSkeleton } from './KpiTiles';
import {
  OrchestratorTable,
  OrchestratorTableSkeleton,
} from './OrchestratorTable';
import {
  OutcomeSelect,
  PAGE_SIZE,
  RequestTable,
  RequestTableSkeleton,
} from './RequestTable';
import { useExplorerState } from './useExplorerState';

/** The network at a glance: filters, eight KPIs, orchestrators, requests. */
export function ExplorerPage() {
  const [state, change] = useExplorerState();
  const { filters } = state;
  const window = resolveWindow(state.window, Date.now());
  const freshness = useFreshness();
  const dimensions = useDimensions(window);
  const total = useKpis({ ...window, filters });

  const row = total.data?.rows[0];
  const empty = row && row.requests === 0 && row.fps_samples === 0;
  const nothingServed = freshness.data?.watermark === null;

  return (
    <div className={styles.page}>
      <AlertStrip freshness={freshness.data} error={freshness.error} />
      <FilterBar
        state={state}
        onChange={change}
        window={window}
        dimensions={dimensions.data}
      />
      {nothingServed && <NoEvents />}
      {!nothingServed && empty && (
        <EmptyWindow
          state={state}
          onChange={change}
          freshness={freshness.data}
        />
      )}
      {!nothingServed && !empty && (
        <Numbers state={state} change={change} window={window} total={total} />
      )}
    </div>
  );
}

function windowLabel(window: Required<Window>, preset: string): string {
  const hours = (Date.parse(window.to) - Date.parse(window.from)) / 3_600_000;
  if (preset !== 'custom') {
    return preset.replace(/(\d+)/, '$1 ');
  }
  return hours % 24 === 0 && hours > 24
    ? `${formatCount(hours / 24)} d`
    : `${formatCount(hours)} h`;
}

function Numbers(props: {
  state: ReturnType<typeof useExplorerState>[0];
  change: ReturnType<typeof useExplorerState>[1];
  window: Required<Window>;
  total: ReturnType<typeof useKpis>;
}) {
  const { state, change, window, total } = props;
  const { filters, sort } = state;
  const filtered = isFiltered(filters);
  const network = useKpis(window, { enabled: filtered });
  const hours = useKpis({ ...window, filters, by: ['hour'] });
  const orchestrators = useKpis({ ...window, filters, by: ['orchestrator'] });
  const facetRows = useKpis({
    ...window,
    filters,
    by: ['orchestrator', 'model', 'gpu', 'region'],
  });
  const facets = useMemo(
    () => facetRows.data && facetsByOrchestrator(facetRows.data.rows),
    [facetRows.data],
  );

  const orchestratorHeading = useRef<HTMLHeadingElement>(null);
  const requestHeading = useRef<HTMLHeadingElement>(null);
  const goTo = useGoTo();

  const onSort = useCallback(
    (column: Parameters<typeof toggleSort>[1]) =>
      change({ sort: toggleSort(sort, column) }),
    [change, sort],
  );
  const onTile = (id: KpiId) => {
    change({ sort: { column: id, direction: firstDirection(id) } });
    goTo(orchestratorHeading);
  };
  const onSelect = useCallback(
    (orchestrator: string | null) => {
      change({ filters: { ...filters, orchestrator: [orchestrator] } });
      goTo(requestHeading);
    },
    [change, filters, goTo],
  );

  const row: KpiRow | undefined = total.data?.rows[0];
  return (
    <>
      <section className={styles.section}>
        <h2 className={styles.title}>
          {filtered ? 'Selection' : 'Network'}
          <span className={styles.subtitle}>{windowText(window)}</span>
        </h2>
        {total.isError && !total.data && (
          <ErrorPanel
            what="The key figures"
            error={total.error}
            onRetry={() => total.refetch()}
          />
        )}
        <div className={total.isPlaceholderData ? styles.stale : styles.fresh}>
          {row && total.data ? (
            <KpiTiles
              row={row}
              meta={total.data.meta}
              hours={hours.data?.rows}
              window={window}
              windowLabel={windowLabel(window, state.window.preset)}
              network={filtered ? network.data?.rows[0] : undefined}
              onSelect={onTile}
            />
          ) : (
            !total.isError && <KpiTilesSkeleton />
          )}
        </div>
      </section>

      <section className={styles.card}>
        <h2 className={styles.title} ref={orchestratorHeading} tabIndex={-1}>
          Orchestrators
          {orchestrators.data && (
            <span className={styles.subtitle}>
              {formatCount(countKnown(orchestrators.data.rows))}
            </span>
          )}
        </h2>
        {orchestrators.isError && !orchestrators.data && (
          <ErrorPanel
            what="The orchestrators"
            error={orchestrators.error}
            onRetry={() => orchestrators.refetch()}
          />
        )}
        {orchestrators.isPending && <OrchestratorTableSkeleton />}
        {orchestrators.data && (
          <div
            className={
              orchestrators.isPlaceholderData ? styles.stale : styles.fresh
            }
          >
            <OrchestratorTable
              rows={orchestrators.data.rows}
              facets={facets}
              sort={sort}
              onSort={onSort}
              onSelect={onSelect}
            />
          </div>
        )}
      </section>

      <Requests
        state={state}
        change={change}
        window={window}
        headingRef={requestHeading}
      />
    </>
  );
}

function Requests(props: {
  state: ReturnType<typeof useExplorerState>[0];
  change: ReturnType<typeof useExplorerState>[1];
  window: Required<Window>;
  headingRef: React.RefObject<HTMLHeadingElement>;
}) {
  const { state, change, window } = props;
  const { reading, props: readingProps } = useReading();
  const query = {
    ...window,
    filters: state.filters,
    outcome: state.outcome,
    limit: PAGE_SIZE,
    offset: state.page * PAGE_SIZE,
  };
  // Rows are held where they are while somebody reads them, but a new question is answered at once.
  const asked = JSON.stringify(query);
  const [answered, setAnswered] = useState('');
  const requests = useRequests(query, reading && answered === asked);
  const { data, isPlaceholderData } = requests;
  useEffect(() => {
    if (data && !isPlaceholderData) {
      setAnswered(asked);
    }
  }, [data, isPlaceholderData, asked]);

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

  return (
    <section className={styles.card} {...readingProps}>
      <div className={styles.toolbar}>
        <h2 className={styles.title} ref={props.headingRef} tabIndex={-1}>
          Requests
          {data && (
            <span className={styles.subtitle}>{formatCount(data.total)}</span>
          )}
        </h2>
        <div className={styles.outcome}>
          <OutcomeSelect
            selected={state.outcome}
            onChange={outcome => change({ outcome })}
          />
        </div>
      </div>
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
            page={state.page}
            onPage={page => change({ page })}
            hrefOf={hrefOf}
          />
        </div>
      )}
    </section>
  );
}

function countKnown(rows: readonly KpiRow[]): number {
  return rows.filter(row => row.orchestrator).length;
}

function windowText(window: Required<Window>): string {
  const now = new Date();
  const to = new Date(Math.min(Date.parse(window.to), now.getTime()));
  return `${formatUtc(new Date(window.from), now)} – ${formatUtc(to, now)} UTC`;
}

/** Brings a heading into view and puts the focus there, so that the keyboard goes on from it. */
function useGoTo() {
  return useCallback((heading: React.RefObject<HTMLElement>) => {
    heading.current?.scrollIntoView({ block: 'start' });
    heading.current?.focus({ preventScroll: true });
  }, []);
}
