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
import { fillHours, TrendPoint } from '../lib/sparkline';
import tokens from '../components/tokens.module.css';
import styles from './KpiTiles.module.css';

interface KpiTilesProps {
  row: KpiRow;
  meta: AnswerMeta;
  /** Of the models whose values are in it. */
  targets: RowTargets | undefined;
  /** Rows by hour; undefined while they load. */
  hours: readonly KpiRow[] | undefined;
  hoursFailed: boolean;
  window: { from: string; to: string };
  windowLabel: string;
  network: KpiRow | undefined;
  onSelect: (id: KpiId) => void;
}

/** The KPIs of the window, four in a row. */
export const KpiTiles = memo((props: KpiTilesProps) => {
  const { hours, window } = props;
  const { from, to } = window;
  const trends = useMemo(
    () => hours && trendsByKpi(hours, { from, to }, Date.now()),
    [hours, from, to],
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
            trendGrain: 'hour',
            trendFailed: props.hoursFailed,
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
  hours: readonly KpiRow[],
  window: { from: string; to: string },
  nowMs: number,
): Map<KpiId, TrendPoint[]> {
  return new Map(
    KPI_CATALOGUE.map(definition => {
      const values = new Map(
        hours.flatMap(row =>
          row.hour
            ? [[isoHour(row.hour), definition.read(row).graded] as const]
            : [],
        ),
      );
      return [definition.id, fillHours(values, window, nowMs)];
    }),
  );
}

function isoHour(hour: string): string {
  return new Date(hour).toISOString();
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
