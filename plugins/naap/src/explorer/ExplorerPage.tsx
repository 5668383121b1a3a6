import { KpiId } from '@naap/plugin-naap-common';
import { RefObject, useCallback, useRef } from 'react';
import { useDimensions, useFreshness, useKpis } from '../api/queries';
import { firstDirection } from '../lib/sortRows';
import { AlertStrip } from './AlertStrip';
import { EmptyWindow, NoEvents } from './EmptyStates';
import styles from './ExplorerPage.module.css';
import { resolveWindow } from './explorerState';
import { FilterBar } from './FilterBar';
import { KpiSection } from './KpiSection';
import { OrchestratorSection } from './OrchestratorSection';
import { RequestSection } from './RequestSection';
import { useExplorerState, useSame } from './useExplorerState';

/** The network at a glance: filters, eight KPIs, orchestrators, requests. */
export function ExplorerPage() {
  const [state, change] = useExplorerState();
  const { filters } = state;
  const window = useSame(resolveWindow(state.window, Date.now()));
  const freshness = useFreshness();
  const dimensions = useDimensions(window);
  const total = useKpis({ ...window, filters });

  const orchestratorHeading = useRef<HTMLHeadingElement>(null);
  const requestHeading = useRef<HTMLHeadingElement>(null);
  const sortBy = useCallback(
    (column: KpiId) => {
      change({ sort: { column, direction: firstDirection(column) } });
      goTo(orchestratorHeading);
    },
    [change],
  );
  const select = useCallback(
    (orchestrator: string | null) => {
      change({ filters: { ...filters, orchestrator: [orchestrator] } });
      goTo(requestHeading);
    },
    [change, filters],
  );

  const row = total.data?.rows[0];
  const empty = row && row.requests === 0 && row.fps_samples === 0;
  const nothingServed = freshness.data?.watermark === null;

  return (
    <div className={styles.page}>
      <AlertStrip freshness={freshness.data} error={freshness.error} />
      <FilterBar
        choice={state.window}
        filters={filters}
        onChange={change}
        window={window}
        dimensions={dimensions.data}
      />
      {nothingServed && <NoEvents />}
      {!nothingServed && empty && (
        <EmptyWindow
          filters={filters}
          onChange={change}
          lastHour={freshness.data?.lastHour ?? null}
        />
      )}
      {!nothingServed && !empty && (
        <>
          <KpiSection
            preset={state.window.preset}
            window={window}
            filters={filters}
            onSelect={sortBy}
          />
          <OrchestratorSection
            headingRef={orchestratorHeading}
            window={window}
            filters={filters}
            sort={state.sort}
            onChange={change}
            onSelect={select}
          />
          <RequestSection
            headingRef={requestHeading}
            window={window}
            filters={filters}
            outcome={state.outcome}
            page={state.page}
            onChange={change}
          />
        </>
      )}
    </div>
  );
}

/** Brings a heading into view and puts the focus there, so that the keyboard goes on from it. */
function goTo(heading: RefObject<HTMLElement>) {
  heading.current?.scrollIntoView({ block: 'start' });
  heading.current?.focus({ preventScroll: true });
}
