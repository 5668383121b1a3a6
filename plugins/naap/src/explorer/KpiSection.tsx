import { KpiFilters, KpiId, Window } from '@naap/plugin-naap-common';
import { memo, useMemo } from 'react';
import { useKpis } from '../api/queries';
import { useGroupTargets } from '../api/useGroupTargets';
import { ErrorPanel } from '../components/Panel';
import { useHeld } from '../components/useReading';
import { Grain, grainOf, seriesOf, wholeSteps } from '../lib/series';
import styles from './ExplorerPage.module.css';
import { isFiltered, WindowChoice } from './explorerState';
import { KpiTiles, KpiTilesSkeleton } from './KpiTiles';
import { useBefore } from './useBefore';
import { windowLabel, windowText } from './windowText';

/** The KPIs of the window and the filters, beside those of the whole network. */
export const KpiSection = memo(
  (props: {
    preset: WindowChoice['preset'];
    window: Required<Window>;
    filters: KpiFilters;
    /** Of the trends, there and here. */
    grain: Grain | null;
    onSelect: (id: KpiId) => void;
  }) => {
    const { window, filters } = props;
    const filtered = isFiltered(filters);
    const total = useKpis({ ...window, filters });
    const grain = grainOf(window, props.grain);
    const steps = useKpis({
      ...wholeSteps(window, grain),
      filters,
      by: [grain],
    });
    const stepRows = steps.data?.rows;
    const watermark = steps.data?.meta.watermark ?? null;
    // While another window or grain is on its way, the steps before are drawn as what they are.
    const points = useHeld(
      useMemo(
        () => ({
          grain,
          steps:
            stepRows &&
            seriesOf(stepRows, grain, window, {
              watermark,
              nowMs: Date.now(),
            }),
        }),
        [stepRows, grain, window, watermark],
      ),
      steps.isPlaceholderData,
      '',
    );
    const network = useKpis(window, { enabled: filtered });
    const past = useBefore(window, filters);
    const targetsOf = useGroupTargets(window, filters);
    const row = total.data?.rows[0];
    return (
      <section className={styles.section}>
        <h2 className={styles.title}>
          {filtered ? 'Selection' : 'Network'}
          <span className={styles.subtitle}>
            {windowText(window, total.data?.meta.firstHour)}
          </span>
        </h2>
        {total.isError && !total.data && (
          <ErrorPanel
            what="The key figures"
            error={total.error}
            onRetry={() => total.refetch()}
          />
        )}
        {total.isPending && <KpiTilesSkeleton />}
        {total.data && row && (
          <div
            className={total.isPlaceholderData ? styles.stale : styles.fresh}
          >
            <KpiTiles
              row={row}
              meta={total.data.meta}
              targets={targetsOf()}
              steps={points.steps}
              stepsFailed={steps.isError && !steps.data}
              grain={points.grain}
              windowLabel={windowLabel(window, props.preset)}
              network={filtered ? network.data?.rows[0] : undefined}
              before={past.failed ? 'failed' : past.before ?? undefined}
              onSelect={props.onSelect}
            />
          </div>
        )}
      </section>
    );
  },
);
