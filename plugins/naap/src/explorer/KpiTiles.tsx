import { Skeleton } from '@backstage/ui';
import {
  AnswerMeta,
  KPI_CATALOGUE,
  KpiId,
  KpiRow,
} from '@naap/plugin-naap-common';
import { memo, useMemo } from 'react';
import { KpiValue } from '../components/KpiValue';
import { Grain, seriesOf } from '../lib/series';
import { TrendPoint } from '../lib/sparkline';
import tokens from '../components/tokens.module.css';
import styles from './KpiTiles.module.css';

interface KpiTilesProps {
  row: KpiRow;
  meta: AnswerMeta;
  /** Rows by the grain; undefined while they load. */
  steps: readonly KpiRow[] | undefined;
  grain: Grain;
  window: { from: string; to: string };
  windowLabel: string;
  network: KpiRow | undefined;
  onSelect: (id: KpiId) => void;
}

/** The KPIs of the window, four in a row. */
export const KpiTiles = memo((props: KpiTilesProps) => {
  const { steps, grain, window } = props;
  const { from, to } = window;
  const trends = useMemo(
    () => steps && trendsByKpi(steps, grain, { from, to }),
    [steps, grain, from, to],
  );
  return (
    <section className={styles.grid} aria-label="Key figures">
      {KPI_CATALOGUE.map(definition => (
        <KpiValue
          key={definition.id}
          definition={definition}
          row={props.row}
          tile={{
            trend: trends?.get(definition.id),
            trendGrain: grain,
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

function trendsByKpi(
  steps: readonly KpiRow[],
  grain: Grain,
  window: { from: string; to: string },
): Map<KpiId, TrendPoint[]> {
  const points = seriesOf(steps, grain, window, {
    watermark: null,
    nowMs: Date.now(),
  });
  return new Map(
    KPI_CATALOGUE.map(definition => [
      definition.id,
      points.map(({ at, row }) => ({
        hour: at,
        value: row && definition.read(row).shown,
      })),
    ]),
  );
}

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
