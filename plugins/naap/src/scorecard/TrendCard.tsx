import { Skeleton } from '@backstage/ui';
import {
  kpiDefinition,
  KpiId,
  RowTargets,
  Window,
} from '@naap/plugin-naap-common';
import { lazy, Suspense, useMemo } from 'react';
import { useInventory, useKpis } from '../api/queries';
import { CardHead } from '../components/Card';
import { ErrorPanel } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import { useHeld } from '../components/useReading';
import { KpiSelect } from '../explorer/KpiSelect';
import { trendOf } from '../explorer/trend';
import { Grain, grainName, seriesOf, wholeSteps } from '../lib/series';
import { ExportMenu } from '../export/ExportMenu';
import { exportMeta } from '../export/table';
import { exportKpis } from '../explorer/exportTables';
import { deployMarks } from './deploys';
import styles from './Scorecard.module.css';
import { Subject } from './subject';

// The chart library comes with the first chart that is looked at.
const TrendChart = lazy(() =>
  import('../explorer/TrendChart').then(m => ({ default: m.TrendChart })),
);
const CHART_HEIGHT = 350;

/** One KPI of the subject over time, with the deploys of its runners. */
export function TrendCard(props: {
  subject: Subject;
  window: Required<Window>;
  grain: Grain;
  kpi: KpiId;
  targets: RowTargets;
  onKpi: (kpi: KpiId) => void;
}) {
  const { subject, window, grain, kpi } = props;
  const answer = useKpis({
    ...wholeSteps(window, grain),
    filters: subject.filters,
    by: [grain],
  });
  const inventory = useInventory();
  const { data } = answer;
  const deploys = inventory.data?.deploys;
  const definition = kpiDefinition(kpi);
  const steps = useMemo(
    () =>
      data &&
      trendOf(
        definition,
        seriesOf(data.rows, grain, window, {
          watermark: data.meta.watermark,
          nowMs: Date.now(),
        }),
      ),
    [data, definition, grain, window],
  );
  const marks = useMemo(
    () => (deploys && steps ? deployMarks(deploys, subject, steps, grain) : []),
    [deploys, steps, subject, grain],
  );
  // While another window is on its way, the answer before is drawn as what it is.
  const shown = useHeld(
    { steps, grain, marks },
    answer.isPlaceholderData,
    definition.id,
  );
  const skeleton = (
    <Skeleton
      className={tokens.skeleton}
      width="100%"
      height={CHART_HEIGHT}
      role="status"
      aria-label="Loading trend"
    />
  );
  return (
    <>
      <CardHead title="Trend" subtitle={`by ${grainName(grain)}`}>
        <KpiSelect
          label="KPI of the trend and the requests"
          selected={kpi}
          onChange={props.onKpi}
        />
        {data && (
          <ExportMenu
            what="trend"
            load={() => ({
              table: exportKpis(`kpis-by-${grain}`, data.rows),
              meta: exportMeta(data.meta),
            })}
          />
        )}
      </CardHead>
      {answer.isError && !data && (
        <ErrorPanel
          what="The trend"
          error={answer.error}
          onRetry={() => answer.refetch()}
        />
      )}
      {answer.isPending && skeleton}
      {shown.steps && (
        <div className={answer.isPlaceholderData ? styles.stale : styles.fresh}>
          <Suspense fallback={skeleton}>
            <TrendChart
              definition={definition}
              steps={shown.steps}
              grain={shown.grain}
              targets={props.targets}
              marks={shown.marks}
            />
          </Suspense>
        </div>
      )}
    </>
  );
}
