import { Skeleton } from '@backstage/ui';
import {
  kpiDefinition,
  KpiFilters,
  KpiId,
  Window,
} from '@naap/plugin-naap-common';
import { lazy, Suspense, useMemo } from 'react';
import { useKpis } from '../api/queries';
import { CardHead } from '../components/Card';
import { ErrorPanel } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import { useHeld } from '../components/useReading';
import { KpiSelect } from '../explorer/KpiSelect';
import { trendOf } from '../explorer/trend';
import { cutMiddle, shortAddress } from '../lib/format';
import { grainName, grainOf, seriesOf, wholeSteps } from '../lib/series';
import styles from './ComparePage.module.css';
import { CompareKind } from './compareState';

// The chart library comes with the first chart that is looked at.
const CompareChart = lazy(() =>
  import('./CompareChart').then(m => ({ default: m.CompareChart })),
);
const CHART_HEIGHT = 330;

/** One KPI of the chosen ones over time, in one chart. */
export function CompareTrend(props: {
  kind: CompareKind;
  ids: readonly string[];
  window: Required<Window>;
  filters: KpiFilters;
  kpi: KpiId;
  onKpi: (kpi: KpiId) => void;
}) {
  const { kind, ids, window, filters, kpi } = props;
  const grain = grainOf(window, null);
  const answer = useKpis({
    ...wholeSteps(window, grain),
    filters,
    by: [kind, grain],
  });
  const { data } = answer;
  const definition = kpiDefinition(kpi);
  const series = useMemo(
    () =>
      data &&
      ids.map(id => ({
        id,
        name: kind === 'model' ? cutMiddle(id, 30) : shortAddress(id),
        steps: trendOf(
          definition,
          seriesOf(
            data.rows.filter(row => row[kind] === id),
            grain,
            window,
            { watermark: data.meta.watermark, nowMs: Date.now() },
          ),
        ),
      })),
    [data, ids, kind, definition, grain, window],
  );
  // While another window or choice is on its way, the answer before is drawn as what it is.
  const shown = useHeld(
    { series, grain },
    answer.isPlaceholderData,
    definition.id,
  );
  const skeleton = (
    <Skeleton
      className={tokens.skeleton}
      width="100%"
      height={CHART_HEIGHT}
      role="status"
      aria-label="Loading trends"
    />
  );
  return (
    <>
      <CardHead title="Trends" subtitle={`by ${grainName(grain)}`}>
        <KpiSelect
          label="KPI of the trends"
          selected={kpi}
          onChange={props.onKpi}
        />
      </CardHead>
      {answer.isError && !data && (
        <ErrorPanel
          what="The trends"
          error={answer.error}
          onRetry={() => answer.refetch()}
        />
      )}
      {answer.isPending && skeleton}
      {shown.series && (
        <div className={answer.isPlaceholderData ? styles.stale : styles.fresh}>
          <Suspense fallback={skeleton}>
            <CompareChart
              definition={definition}
              series={shown.series}
              grain={shown.grain}
            />
          </Suspense>
        </div>
      )}
    </>
  );
}
