import { Skeleton } from '@backstage/ui';
import { KpiRow, Window } from '@naap/plugin-naap-common';
import { lazy, Suspense, useMemo } from 'react';
import { CardHead } from '../components/Card';
import { Figures } from '../components/Figures';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import { useHeld } from '../components/useReading';
import { ExportMenu } from '../export/ExportMenu';
import { exportMeta } from '../export/table';
import { cutMiddle } from '../lib/format';
import { atLeastHour, Grain, seriesOf } from '../lib/series';
import {
  availabilityFigures,
  availabilitySteps,
  exportAvailability,
  leftOut,
  mainPrice,
  priceUnitText,
} from './availability';
import { useAvailability } from './queries';
import styles from './Scorecard.module.css';

const AvailabilityChart = lazy(() =>
  import('./AvailabilityChart').then(m => ({ default: m.AvailabilityChart })),
);
const CHART_HEIGHT = 370;

/** Name of the card. */
export const AVAILABILITY = 'Reachability and capacity';

/** What the scraper found at an orchestrator: whether it is there, how fast, how busy, and for how much. */
export function AvailabilityCard(props: {
  orchestrator: string;
  window: Required<Window>;
  grain: Grain;
  /** Its KPIs, for the estimate beside what is measured. */
  row: KpiRow | undefined;
}) {
  const { orchestrator, window, row } = props;
  const grain = atLeastHour(props.grain);
  const query = { ...window, filters: { orchestrator: [orchestrator] } };
  const total = useAvailability(query);
  const series = useAvailability({ ...query, by: [grain] });
  const whole = total.data?.rows[0];
  const priced = whole && mainPrice(whole.prices);
  const steps = useMemo(
    () =>
      series.data &&
      availabilitySteps(
        seriesOf(series.data.rows, grain, window, {
          watermark: series.data.meta.watermark,
          nowMs: Date.now(),
        }),
        priced,
      ),
    [series.data, grain, window, priced],
  );
  const shown = useHeld({ steps, grain }, series.isPlaceholderData, '');
  const note = whole && leftOut(whole);
  const isFound =
    whole &&
    whole.observations +
      whole.refused +
      whole.masked +
      whole.gpu_utilization.n >
      0;
  const skeleton = (
    <Skeleton
      className={tokens.skeleton}
      width="100%"
      height={CHART_HEIGHT}
      role="status"
      aria-label="Loading reachability and capacity"
    />
  );
  return (
    <>
      <CardHead title={AVAILABILITY} subtitle={`by ${grain}`}>
        {series.data && (
          <ExportMenu
            what="reachability and capacity"
            load={() => ({
              table: exportAvailability(series.data.rows, grain),
              meta: exportMeta(series.data.meta),
            })}
          />
        )}
      </CardHead>
      {[total, series].map(
        (answer, i) =>
          answer.isError &&
          !answer.data && (
            <ErrorPanel
              key={i}
              what={i === 0 ? 'The reachability' : 'Its course'}
              error={answer.error}
              onRetry={() => answer.refetch()}
            />
          ),
      )}
      {whole && !isFound && (
        <EmptyPanel title="Not scraped in this window">
          The scraper asks the orchestrators of capability reports and of its
          own list: <code>./naap scrape</code>, or the step under Pipelines.
        </EmptyPanel>
      )}
      {isFound && (
        <Figures
          figures={availabilityFigures(
            whole,
            row && { value: row.cue, n: row.cue_samples },
          )}
        />
      )}
      {note && <p className={styles.note}>{note}</p>}
      {(total.isPending || series.isPending) && skeleton}
      {isFound && shown.steps && (
        <div className={series.isPlaceholderData ? styles.stale : styles.fresh}>
          <Suspense fallback={skeleton}>
            <AvailabilityChart
              steps={shown.steps}
              grain={shown.grain}
              price={
                priced
                  ? [
                      priceUnitText(priced),
                      priced.model && `of ${cutMiddle(priced.model, 24)}`,
                    ]
                      .filter(Boolean)
                      .join(', ')
                  : null
              }
            />
          </Suspense>
        </div>
      )}
    </>
  );
}
