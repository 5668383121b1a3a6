import { Skeleton } from '@backstage/ui';
import { useCallback, useMemo } from 'react';
import { useFreshness, useIngestStats, useKpis } from '../api/queries';
import { Card, CardHead, goToCard } from '../components/Card';
import { Figures } from '../components/Figures';
import { Freshness } from '../components/Freshness';
import { ErrorPanel } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import { WindowToggle } from '../components/WindowToggle';
import { AlertStrip } from '../explorer/AlertStrip';
import { NoEvents } from '../explorer/EmptyStates';
import { formatWindow, resolveWindow } from '../explorer/explorerState';
import { useSame } from '../explorer/useExplorerState';
import { servedMeta } from '../export/table';
import { useLineage } from '../lineage/queries';
import { ClassSection } from './ClassSection';
import {
  coverageFigures,
  messageFigures,
  reasonTotals,
  rejectedFigure,
  unattributedFigure,
} from './qualityFigures';
import styles from './QualityPage.module.css';
import { ComparisonSection } from './ComparisonSection';
import { ContestedSection } from './ContestedSection';
import { QuarantineSection } from './QuarantineSection';
import { ReasonSection } from './ReasonSection';
import { rejectedShare } from './rejectedShare';
import { useQualityState } from './useQualityState';

const UNATTRIBUTED = 'model.naap.unattributed_messages';

/** How far the numbers can be trusted: what came in, what of it is used, and what is not, message by message. */
export function QualityPage() {
  const [state, change] = useQualityState();
  const window = useSame(resolveWindow(state.window, Date.now()));
  const freshness = useFreshness();
  const total = useKpis(window);
  const stats = useIngestStats(window);
  const lineage = useLineage();

  const rows = stats.data?.rows;
  const rejected = useMemo(() => rows && rejectedShare(rows), [rows]);
  const reasons = useMemo(() => {
    const known = reasonTotals(rows ?? []).map(({ reason }) => reason);
    // What is chosen stays in the list, also where the window has none of it.
    return [
      ...new Set([...known, ...(state.reason ? [state.reason] : [])]),
    ].sort();
  }, [rows, state.reason]);
  const meta = useSame(servedMeta(freshness.data, window));
  const selectReason = useCallback(
    (reason: string) => {
      change({ reason, class: null });
      goToCard('quarantine');
    },
    [change],
  );
  const unattributed = lineage.data?.nodes.find(
    ({ id }) => id === UNATTRIBUTED,
  );
  const nothingYet = freshness.data?.watermark === null && rows?.length === 0;

  return (
    <div className={styles.page}>
      <AlertStrip
        freshness={freshness.data}
        error={freshness.error}
        rejected={rejected}
      />
      <div className={styles.bar}>
        <WindowToggle
          choice={state.window}
          onChange={choice => change({ window: choice })}
        />
        {freshness.data && (
          <span className={styles.muted}>
            <Freshness watermark={freshness.data.watermark} state={null} />
          </span>
        )}
      </div>
      {nothingYet && <NoEvents />}
      {stats.isError && !rows && (
        <ErrorPanel
          what="The messages"
          error={stats.error}
          onRetry={() => stats.refetch()}
        />
      )}
      {!nothingYet && !(stats.isError && !rows) && (
        <>
          <Card id="messages">
            <CardHead title="Messages" subtitle="of the whole network" />
            {rows ? (
              <Figures
                figures={[
                  ...messageFigures(rows),
                  rejectedFigure(rejected ?? null),
                ]}
              />
            ) : (
              <FiguresSkeleton what="messages" />
            )}
          </Card>
          <Card id="coverage">
            <CardHead
              title="Coverage"
              subtitle="how complete the telemetry of requests is"
            />
            {total.isError && !total.data && (
              <ErrorPanel
                what="The coverage"
                error={total.error}
                onRetry={() => total.refetch()}
              />
            )}
            {total.isPending && <FiguresSkeleton what="coverage" />}
            {total.data && (
              <Figures
                figures={[
                  ...coverageFigures(
                    total.data.rows[0],
                    freshness.data?.build ?? null,
                  ),
                  unattributedFigure(unattributed),
                ]}
              />
            )}
          </Card>
          <Card id="classes">
            <ClassSection
              rows={rows}
              window={window}
              grain={state.grain}
              meta={meta}
              onChange={change}
            />
          </Card>
          <Card id="reasons">
            <ReasonSection rows={rows} meta={meta} onSelect={selectReason} />
          </Card>
        </>
      )}
      <Card id="comparison">
        <ComparisonSection />
      </Card>
      <Card id="contested">
        <ContestedSection
          meta={meta}
          search={formatWindow(state.window).toString()}
        />
      </Card>
      <Card id="quarantine">
        <QuarantineSection
          class={state.class}
          reason={state.reason}
          page={state.page}
          reasons={reasons}
          meta={meta}
          onChange={change}
        />
      </Card>
    </div>
  );
}

function FiguresSkeleton({ what }: { what: string }) {
  return (
    <div
      className={styles.loading}
      role="status"
      aria-label={`Loading ${what}`}
    >
      <Skeleton className={tokens.skeleton} width="100%" height={64} />
    </div>
  );
}
