import { Skeleton } from '@backstage/ui';
import {
  kpiDefinition,
  KpiId,
  RowTargets,
  Window,
} from '@naap/plugin-naap-common';
import { lazy, Suspense, useMemo } from 'react';
import { useKpis } from '../api/queries';
import { CardHead } from '../components/Card';
import { ErrorPanel } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import { KpiSelect } from '../explorer/KpiSelect';
import { trendOf } from '../explorer/trend';
import { Grain, seriesOf } from '../lib/series';
import { deployMarks } from './deploys';
import { useInventory } from './queries';
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
  const answer = useKpis({ ...window, filters: subject.filters, by: [grain] });
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
      <CardHead title="Trend" subtitle={`by ${grain}`}>
        <KpiSelect
          label="KPI of the trend and the requests"
          selected={kpi}
          onChange={props.onKpi}
        />
      </CardHead>
      {answer.isError && !data && (
        <ErrorPanel
          what="The trend"
          error={answer.error}
          onRetry={() => answer.refetch()}
        />
      )}
      {answer.isPending && skeleton}
      {steps && (
        <Suspense fallback={skeleton}>
          <TrendChart
            definition={definition}
            steps={steps}
            grain={grain}
            targets={props.targets}
            marks={marks}
          />
        </Suspense>
      )}
    </>
  );
}
