import { Skeleton } from '@backstage/ui';
import {
  AnswerMeta,
  KPI_CATALOGUE,
  KpiId,
  KpiRow,
  RowTargets,
} from '@naap/plugin-naap-common';
import { memo, useMemo } from 'react';
import { KpiValue } from '../components/KpiValue';
import { Grain, SeriesPoint } from '../lib/series';
import { trendPoints } from '../lib/sparkline';
import tokens from '../components/tokens.module.css';
import styles from './KpiTiles.module.css';

interface KpiTilesProps {
  row: KpiRow;
  meta: AnswerMeta;
  /** Of the models whose values are in it. */
  targets: RowTargets | undefined;
  /** Steps of the trends; undefined while they load. */
  steps: ReadonlyArray<SeriesPoint<KpiRow>> | undefined;
  stepsFailed: boolean;
  grain: Grain;
  windowLabel: string;
  network: KpiRow | undefined;
  onSelect: (id: KpiId) => void;
}

/** The KPIs of the window, four in a row. */
export const KpiTiles = memo((props: KpiTilesProps) => {
  const { steps } = props;
  const trends = useMemo(
    () =>
      steps &&
      new Map(
        KPI_CATALOGUE.map(definition => [
          definition.id,
          trendPoints(definition, steps),
        ]),
      ),
    [steps],
  );
  return (
    <section className={styles.grid} aria-label="Key figures">
      {KPI_CATALOGUE.map(definition => (
        <KpiValue
          key={definition.id}
          definition={definition}
          row={props.row}
          targets={props.targets}
          tile={{
            trend: trends?.get(definition.id),
            trendGrain: props.grain,
            trendFailed: props.stepsFailed,
            trendSpan: props.windowLabel,
            network: props.network,
            meta: props.meta,
            onSelect: () => props.onSelect(definition.id),
            selectHint: `Sort the orchestrators by ${definition.name}`,
          }}
        />
      ))}
    </section>
  );
});

// That of a tile, so that nothing moves when they come.
const TILE_HEIGHT = 186;

/** Holds the place of the tiles. */
export function KpiTilesSkeleton() {
  return (
    <div className={styles.grid} role="status" aria-label="Loading key figures">
      {KPI_CATALOGUE.map(({ id }) => (
        <Skeleton
          className={tokens.skeleton}
          key={id}
          width="100%"
          height={TILE_HEIGHT}
        />
      ))}
    </div>
  );
}
