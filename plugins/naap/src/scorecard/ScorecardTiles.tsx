import { Skeleton } from '@backstage/ui';
import {
  AnswerMeta,
  KPI_CATALOGUE,
  KpiId,
  KpiRow,
  peerMedian,
  RowTargets,
  Window,
} from '@naap/plugin-naap-common';
import { ReactNode, useMemo } from 'react';
import { useKpis } from '../api/queries';
import { KpiValue } from '../components/KpiValue';
import tokens from '../components/tokens.module.css';
import { useHeld } from '../components/useReading';
import { Grain, seriesOf, wholeSteps } from '../lib/series';
import { trendPoints } from '../lib/sparkline';
import { REQUESTS_BEHIND } from './requestsBehind';
import styles from './Scorecard.module.css';
import { Subject } from './subject';

// That of a tile and of the score, so that nothing moves when they come.
const TILE_HEIGHT = 204;
export const SCORE_HEIGHT = 128;

/** The score and the KPIs, each with its trend and beside the median of its kind. */
export function ScorecardTiles(props: {
  subject: Subject;
  window: Required<Window>;
  windowLabel: string;
  grain: Grain;
  row: KpiRow;
  meta: AnswerMeta;
  /** The score, or what stands for it. */
  summary: ReactNode;
  targets: RowTargets;
  cueBasis: string | undefined;
  onSelect: (id: KpiId) => void;
}) {
  const { subject, window, grain, row, meta, targets } = props;
  const { filters, kind } = subject;
  const peers = useKpis({ ...window, by: [kind] });
  const steps = useKpis({
    ...wholeSteps(window, grain),
    filters,
    by: [grain],
  });
  const peerRows = peers.data?.rows;
  const stepRows = steps.data?.rows;
  const watermark = steps.data?.meta.watermark ?? null;
  // While another window is on its way, the steps before are drawn as what they are.
  const points = useHeld(
    useMemo(
      () =>
        stepRows &&
        seriesOf(stepRows, grain, window, { watermark, nowMs: Date.now() }),
      [stepRows, grain, window, watermark],
    ),
    steps.isPlaceholderData,
    '',
  );
  const perKpi = useMemo(
    () =>
      new Map(
        KPI_CATALOGUE.map(definition => [
          definition.id,
          {
            trend: points && trendPoints(definition, points),
            peers: peerRows && {
              ...peerMedian(definition, peerRows, kind),
              of: `${kind}s`,
            },
          },
        ]),
      ),
    [points, peerRows, kind],
  );
  return (
    <div className={styles.figures}>
      {props.summary}
      <section className={styles.tiles} aria-label="Key figures">
        {KPI_CATALOGUE.map(definition => (
          <KpiValue
            key={definition.id}
            definition={definition}
            row={row}
            targets={targets}
            tile={{
              trend: perKpi.get(definition.id)?.trend,
              trendGrain: grain,
              trendFailed: steps.isError && !steps.data,
              trendSpan: props.windowLabel,
              peers: perKpi.get(definition.id)?.peers,
              basis: definition.estimated ? props.cueBasis : undefined,
              meta,
              onSelect: () => props.onSelect(definition.id),
              selectHint: `Show: ${REQUESTS_BEHIND[definition.id]}`,
            }}
          />
        ))}
      </section>
    </div>
  );
}

/** Holds the place of the figures. */
export function ScorecardTilesSkeleton() {
  return (
    <div
      className={styles.figures}
      role="status"
      aria-label="Loading scorecard"
    >
      <Skeleton
        className={tokens.skeleton}
        width="100%"
        height={SCORE_HEIGHT}
      />
      <div className={styles.tiles}>
        {KPI_CATALOGUE.map(({ id }) => (
          <Skeleton
            className={tokens.skeleton}
            key={id}
            width="100%"
            height={TILE_HEIGHT}
          />
        ))}
      </div>
    </div>
  );
}
