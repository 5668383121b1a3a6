import { KpiFilters, KpiId, Window } from '@naap/plugin-naap-common';
import { memo } from 'react';
import { useKpis } from '../api/queries';
import { ErrorPanel } from '../components/Panel';
import styles from './ExplorerPage.module.css';
import { allowsSlots, wholeSteps } from '../lib/series';
import { isFiltered, WindowChoice } from './explorerState';
import { KpiTiles, KpiTilesSkeleton } from './KpiTiles';
import { windowLabel, windowText } from './windowText';

/** The KPIs of the window and the filters, beside those of the whole network. */
export const KpiSection = memo(
  (props: {
    preset: WindowChoice['preset'];
    window: Required<Window>;
    filters: KpiFilters;
    onSelect: (id: KpiId) => void;
  }) => {
    const { window, filters } = props;
    const filtered = isFiltered(filters);
    const total = useKpis({ ...window, filters });
    const grain = allowsSlots(window) ? 'slot' : 'hour';
    const steps = useKpis({
      ...wholeSteps(window, grain),
      filters,
      by: [grain],
    });
    const network = useKpis(window, { enabled: filtered });
    const row = total.data?.rows[0];
    return (
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
        {total.isPending && <KpiTilesSkeleton />}
        {total.data && row && (
          <div
            className={total.isPlaceholderData ? styles.stale : styles.fresh}
          >
            <KpiTiles
              row={row}
              meta={total.data.meta}
              steps={steps.data?.rows}
              grain={grain}
              window={window}
              windowLabel={windowLabel(window, props.preset)}
              network={filtered ? network.data?.rows[0] : undefined}
              onSelect={props.onSelect}
            />
          </div>
        )}
      </section>
    );
  },
);
