import { Skeleton } from '@backstage/ui';
import {
  KpiFilters,
  kpiDefinition,
  KpiId,
  Window,
} from '@naap/plugin-naap-common';
import { lazy, memo, Suspense, useMemo } from 'react';
import { useKpis } from '../api/queries';
import { CardHead } from '../components/Card';
import { ErrorPanel } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import { useHeld } from '../components/useReading';
import { ExportMenu } from '../export/ExportMenu';
import { exportMeta } from '../export/table';
import { Grain, grainOf, seriesOf, wholeSteps } from '../lib/series';
import styles from './ExplorerPage.module.css';
import { exportKpis } from './exportTables';
import { GrainToggle } from './GrainToggle';
import { KpiSelect } from './KpiSelect';
import { trendOf } from './trend';
import { ChangeState } from './useExplorerState';

// The chart library comes with the first chart that is looked at.
const TrendChart = lazy(() =>
  import('./TrendChart').then(m => ({ default: m.TrendChart })),
);
const CHART_HEIGHT = 350;

/** One KPI of the window and the filters over time. */
export const TrendSection = memo(
  (props: {
    window: Required<Window>;
    filters: KpiFilters;
    kpi: KpiId;
    grain: Grain | null;
    onChange: ChangeState;
  }) => {
    const { window, filters, onChange } = props;
    const grain = grainOf(window, props.grain);
    const answer = useKpis({
      ...wholeSteps(window, grain),
      filters,
      by: [grain],
    });
    const { data } = answer;
    const definition = kpiDefinition(props.kpi);
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
    // While another window or grain is on its way, the answer before is drawn as what it is.
    const shown = useHeld(
      { steps, grain },
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
        <CardHead title="Trends">
          <KpiSelect
            label="KPI of the trend"
            selected={props.kpi}
            onChange={trend => onChange({ trend })}
          />
          <GrainToggle
            what="Trend"
            grain={grain}
            window={window}
            onChange={next => onChange({ grain: next })}
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
          <div
            className={answer.isPlaceholderData ? styles.stale : styles.fresh}
          >
            <Suspense fallback={skeleton}>
              <TrendChart
                definition={definition}
                steps={shown.steps}
                grain={shown.grain}
              />
            </Suspense>
          </div>
        )}
      </>
    );
  },
);
