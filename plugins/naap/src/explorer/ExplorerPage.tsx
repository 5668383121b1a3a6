import { isIdle, KpiId } from '@naap/plugin-naap-common';
import { useCallback } from 'react';
import {
  useDimensions,
  useFreshness,
  useIngestStats,
  useKpis,
} from '../api/queries';
import { Card, goToCard, useAnchor } from '../components/Card';
import { firstDirection } from '../lib/sortRows';
import { rejectedShare } from '../quality/rejectedShare';
import { AlertStrip } from './AlertStrip';
import { DemandSection } from './DemandSection';
import { EmptyWindow, NoEvents } from './EmptyStates';
import styles from './ExplorerPage.module.css';
import { resolveWindow } from './explorerState';
import { FilterBar } from './FilterBar';
import { Headline } from './Headline';
import { HeatMapSection } from './HeatMapSection';
import { KpiSection } from './KpiSection';
import { OrchestratorSection } from './OrchestratorSection';
import { QualitySection } from './QualitySection';
import { RequestSection } from './RequestSection';
import { TrendSection } from './TrendSection';
import { useExplorerState, useSame } from './useExplorerState';

/** The panels by their ids, which are anchors of the page. */
const PANELS = {
  orchestrators: 'Orchestrators',
  'heat-map': 'Orchestrator × model',
  trends: 'Trends',
  demand: 'Demand and supply',
  quality: 'Data quality',
  requests: 'Requests',
};

// What the panels take with their answers in, so that nothing moves when those come.
const HEIGHTS = { heatMap: 640, trends: 466, demand: 560, quality: 170 };

/** The network at a glance: filters, KPIs, and from orchestrators down to requests. */
export function ExplorerPage() {
  const [state, change] = useExplorerState();
  const { filters } = state;
  const window = useSame(resolveWindow(state.window, Date.now()));
  const freshness = useFreshness();
  const dimensions = useDimensions(window);
  const total = useKpis({ ...window, filters });
  const ingest = useIngestStats(window);

  const sortBy = useCallback(
    (column: KpiId) => {
      change({ sort: { column, direction: firstDirection(column) } });
      goToCard('orchestrators');
    },
    [change],
  );
  const select = useCallback(
    (orchestrator: string | null) => {
      change({ filters: { ...filters, orchestrator: [orchestrator] } });
      goToCard('requests');
    },
    [change, filters],
  );
  const selectPair = useCallback(
    (orchestrator: string, model: string | null) => {
      change({
        filters: { ...filters, orchestrator: [orchestrator], model: [model] },
      });
      goToCard('requests');
    },
    [change, filters],
  );

  const row = total.data?.rows[0];
  const empty = row && isIdle(row);
  const nothingServed = freshness.data?.watermark === null;
  const shown = !nothingServed && !empty;
  useAnchor(shown && freshness.data !== undefined);

  return (
    <div className={styles.page}>
      <Headline
        preset={state.window.preset}
        window={window}
        filters={filters}
      />
      <AlertStrip
        freshness={freshness.data}
        error={freshness.error}
        rejected={ingest.data && rejectedShare(ingest.data.rows)}
      />
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
      {shown && (
        <>
          <KpiSection
            preset={state.window.preset}
            window={window}
            filters={filters}
            grain={state.grain}
            onSelect={sortBy}
          />
          <nav className={styles.jump} aria-label="Panels">
            {Object.entries(PANELS).map(([id, name]) => (
              <a key={id} href={`#${id}`}>
                {name}
              </a>
            ))}
          </nav>
          <Card id="orchestrators">
            <OrchestratorSection
              choice={state.window}
              window={window}
              filters={filters}
              sort={state.sort}
              onChange={change}
              onSelect={select}
            />
          </Card>
          <Card
            id="heat-map"
            lazy={{ title: PANELS['heat-map'], height: HEIGHTS.heatMap }}
          >
            <HeatMapSection
              window={window}
              filters={filters}
              kpi={state.heat}
              all={state.allPairs}
              onChange={change}
              onSelect={selectPair}
            />
          </Card>
          <Card
            id="trends"
            lazy={{ title: PANELS.trends, height: HEIGHTS.trends }}
          >
            <TrendSection
              window={window}
              filters={filters}
              kpi={state.trend}
              grain={state.grain}
              onChange={change}
            />
          </Card>
          <Card
            id="demand"
            lazy={{ title: PANELS.demand, height: HEIGHTS.demand }}
          >
            <DemandSection
              window={window}
              filters={filters}
              measure={state.demand}
              grain={state.grain}
              onChange={change}
            />
          </Card>
          <Card
            id="quality"
            lazy={{ title: PANELS.quality, height: HEIGHTS.quality }}
          >
            <QualitySection
              choice={state.window}
              window={window}
              filters={filters}
            />
          </Card>
          <Card id="requests">
            <RequestSection
              window={window}
              filters={filters}
              outcome={state.outcome}
              page={state.page}
              onChange={change}
            />
          </Card>
        </>
      )}
    </div>
  );
}
