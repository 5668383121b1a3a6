import { Select, Skeleton } from '@backstage/ui';
import { Window } from '@naap/plugin-naap-common';
import { lazy, memo, Suspense, useMemo } from 'react';
import { useKpis, useSupply } from '../api/queries';
import { CardHead } from '../components/Card';
import { Figures } from '../components/Figures';
import { ErrorPanel } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import { useHeld } from '../components/useReading';
import { ExportMenu } from '../export/ExportMenu';
import { exportMeta } from '../export/table';
import {
  atLeastHour,
  Grain,
  grainOf,
  seriesOf,
  wholeSteps,
} from '../lib/series';
import { demandFigures, demandSteps, exportDemand } from './demand';
import styles from './ExplorerPage.module.css';
import { DemandMeasure, ExplorerState } from './explorerState';
import { GrainToggle } from './GrainToggle';
import { ChangeState } from './useExplorerState';

const DemandChart = lazy(() =>
  import('./DemandChart').then(m => ({ default: m.DemandChart })),
);
const CHART_HEIGHT = 370;

const MEASURES: Array<{ id: DemandMeasure; label: string }> = [
  { id: 'requests', label: 'Requests and unserved' },
  { id: 'minutes', label: 'Inference minutes' },
  { id: 'fees', label: 'Fees (ETH)' },
];

/** What was asked for beside what was offered. */
export const DemandSection = memo(
  (props: {
    window: Required<Window>;
    filters: ExplorerState['filters'];
    measure: DemandMeasure;
    grain: Grain | null;
    onChange: ChangeState;
  }) => {
    const { window, filters, measure, onChange } = props;
    const grain = grainOf(window, props.grain);
    // Capability reports name neither gateway nor region.
    const { orchestrator, model } = filters;
    const offered = { ...window, filters: { orchestrator, model } };
    const total = useKpis({ ...window, filters });
    const demand = useKpis({
      ...wholeSteps(window, grain),
      filters,
      by: [grain],
    });
    const supplyTotal = useSupply(offered);
    const supply = useSupply({ ...offered, by: [atLeastHour(grain)] });
    const steps = useMemo(() => {
      if (!demand.data) {
        return undefined;
      }
      const served = {
        watermark: demand.data.meta.watermark,
        nowMs: Date.now(),
      };
      return demandSteps(
        seriesOf(demand.data.rows, grain, window, served),
        supply.data?.rows ?? [],
        grain,
      );
    }, [demand.data, supply.data, grain, window]);
    const shown = useHeld({ steps, grain }, demand.isPlaceholderData, '');
    const pending = demand.isPending || supply.isPending;
    const skeleton = (
      <Skeleton
        className={tokens.skeleton}
        width="100%"
        height={CHART_HEIGHT}
        role="status"
        aria-label="Loading demand and supply"
      />
    );
    const uncut = Boolean(filters.region?.length || filters.gateway?.length);
    return (
      <>
        <CardHead title="Demand and supply">
          <div className={styles.select}>
            <Select
              size="small"
              aria-label="Demand"
              options={MEASURES}
              value={measure}
              onChange={id => onChange({ demand: id as DemandMeasure })}
            />
          </div>
          <GrainToggle
            what="Demand and supply"
            grain={grain}
            window={window}
            onChange={next => onChange({ grain: next })}
          />
          {steps && demand.data && (
            <ExportMenu
              what="demand and supply"
              load={() => ({
                table: exportDemand(steps, grain),
                meta: exportMeta(demand.data.meta),
              })}
            />
          )}
        </CardHead>
        {demand.isError && !demand.data && (
          <ErrorPanel
            what="The demand"
            error={demand.error}
            onRetry={() => demand.refetch()}
          />
        )}
        {supply.isError && !supply.data && (
          <ErrorPanel
            what="The supply"
            error={supply.error}
            onRetry={() => supply.refetch()}
          />
        )}
        {total.data && (
          <Figures
            figures={demandFigures(
              total.data.rows[0],
              supplyTotal.data?.rows[0],
            )}
          />
        )}
        {uncut && (
          <p className={styles.note}>
            Supply is of all regions and gateways: capability reports name
            neither.
          </p>
        )}
        {pending && skeleton}
        {!pending && shown.steps && (
          <div
            className={demand.isPlaceholderData ? styles.stale : styles.fresh}
          >
            <Suspense fallback={skeleton}>
              <DemandChart
                steps={shown.steps}
                grain={shown.grain}
                measure={measure}
              />
            </Suspense>
          </div>
        )}
      </>
    );
  },
);
