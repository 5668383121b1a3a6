import { useRouteRef } from '@backstage/frontend-plugin-api';
import { ButtonLink, Skeleton } from '@backstage/ui';
import { isIdle, KpiId, OrchestratorInfo } from '@naap/plugin-naap-common';
import { useFreshness, useOperators } from '../api/queries';
import { Card, goToCard } from '../components/Card';
import { ErrorPanel } from '../components/Panel';
import { ScoreSummary } from '../components/ScoreSummary';
import tokens from '../components/tokens.module.css';
import { WindowToggle } from '../components/WindowToggle';
import { AlertStrip } from '../explorer/AlertStrip';
import { NoEvents } from '../explorer/EmptyStates';
import { formatWindow, resolveWindow } from '../explorer/explorerState';
import { useSame } from '../explorer/useExplorerState';
import { windowLabel, windowText } from '../explorer/windowText';
import { formatCount } from '../lib/format';
import { grainOf } from '../lib/series';
import { compareRouteRef, rootRouteRef } from '../routes';
import { AVAILABILITY, AvailabilityCard } from './AvailabilityCard';
import { EmptyScorecard } from './EmptyScorecard';
import { GpuCard } from './GpuTable';
import { OthersCard } from './OthersTable';
import { RequestsCard } from './RequestsCard';
import styles from './Scorecard.module.css';
import {
  SCORE_HEIGHT,
  ScorecardTiles,
  ScorecardTilesSkeleton,
} from './ScorecardTiles';
import { Subject, useSubject } from './subject';
import { SwapCard } from './SwapTable';
import { TrendCard } from './TrendCard';
import { useCueBasis, useScorecard } from './useScorecard';
import { ScorecardState, useScorecardState } from './useScorecardState';

// What the panels take with their answers in, so that little moves when those come.
const HEIGHTS = {
  trend: 416,
  requests: 240,
  failed: 200,
  gpus: 150,
  availability: 630,
};

/** The scorecard of the orchestrator or the model that the entity page is about. */
export function ScorecardTab() {
  const subject = useSubject();
  // Another subject begins anew: the numbers of one never stand under the name of another.
  return subject ? (
    <Scorecard key={`${subject.kind}/${subject.id}`} subject={subject} />
  ) : null;
}

function Scorecard({ subject }: { subject: Subject }) {
  const [state, change] = useScorecardState();
  const window = useSame(resolveWindow(state.window, Date.now()));
  const freshness = useFreshness();
  const scorecard = useScorecard(subject, window);
  const { total, row, scores } = scorecard;
  const cueBasis = useCueBasis(subject, scorecard.others.data?.rows);
  const grain = grainOf(window, null);
  const search = formatWindow(state.window).toString();
  const nothingServed = freshness.data?.watermark === null;
  const empty = row && isIdle(row);

  const select = (kpi: KpiId) => {
    change({ kpi });
    goToCard('requests');
  };

  const summary = () => {
    if (scores.data) {
      return <ScoreSummary score={scorecard.score} />;
    }
    return scores.isError ? (
      <ErrorPanel
        what="The score"
        error={scores.error}
        onRetry={() => scores.refetch()}
      />
    ) : (
      <Skeleton
        className={tokens.skeleton}
        width="100%"
        height={SCORE_HEIGHT}
        role="status"
        aria-label="Loading score"
      />
    );
  };

  return (
    <div className={styles.page}>
      <AlertStrip freshness={freshness.data} error={freshness.error} />
      <ScorecardHead
        subject={subject}
        state={state}
        subtitle={windowText(window, freshness.data?.firstHour)}
        onWindow={choice => change({ window: choice })}
      />
      {nothingServed && <NoEvents />}
      {total.isError && !total.data && (
        <ErrorPanel
          what="The scorecard"
          error={total.error}
          onRetry={() => total.refetch()}
        />
      )}
      {total.isPending && !nothingServed && <ScorecardTilesSkeleton />}
      {!nothingServed && empty && (
        <EmptyScorecard
          subject={subject}
          choice={state.window}
          onWindow={choice => change({ window: choice })}
        />
      )}
      {!nothingServed && total.data && row && !empty && (
        <>
          <div
            className={total.isPlaceholderData ? styles.stale : styles.fresh}
          >
            <ScorecardTiles
              subject={subject}
              window={window}
              windowLabel={windowLabel(window, state.window.preset)}
              grain={grain}
              row={row}
              meta={total.data.meta}
              summary={summary()}
              targets={scorecard.targets}
              cueBasis={cueBasis}
              onSelect={select}
            />
          </div>
          <Card id="trend" lazy={{ title: 'Trend', height: HEIGHTS.trend }}>
            <TrendCard
              subject={subject}
              window={window}
              grain={grain}
              kpi={state.kpi}
              targets={scorecard.targets}
              onKpi={kpi => change({ kpi })}
            />
          </Card>
          <Card id="others">
            <OthersCard
              subject={subject}
              window={window}
              answer={scorecard.others}
              targetsOf={scorecard.targetsOf}
              search={search}
            />
          </Card>
          <Card
            id="requests"
            lazy={{ title: 'Requests', height: HEIGHTS.requests }}
          >
            <RequestsCard
              subject={subject}
              choice={state.window}
              window={window}
              kpi={state.kpi}
              page={state.page}
              onPage={page => change({ page })}
            />
          </Card>
          {state.kpi !== 'failure_rate' && (
            <Card
              id="failed"
              lazy={{ title: 'Failed requests', height: HEIGHTS.failed }}
            >
              <RequestsCard
                subject={subject}
                choice={state.window}
                window={window}
                kpi="failure_rate"
                onAll={() => select('failure_rate')}
              />
            </Card>
          )}
          <div className={styles.columns}>
            <Card id="gpus" lazy={{ title: 'GPUs', height: HEIGHTS.gpus }}>
              <GpuCard
                subject={subject}
                window={window}
                targetsOf={scorecard.targetsOf}
                search={search}
              />
            </Card>
            <Card id="swaps" lazy={{ title: 'Swaps', height: HEIGHTS.gpus }}>
              <SwapCard subject={subject} window={window} search={search} />
            </Card>
          </div>
        </>
      )}
      {!nothingServed && subject.kind === 'orchestrator' && (
        // Also of one that served nobody: whether it can be reached matters most then.
        <Card
          id="availability"
          lazy={{ title: AVAILABILITY, height: HEIGHTS.availability }}
        >
          <AvailabilityCard
            orchestrator={subject.id}
            window={window}
            grain={grain}
            row={row}
          />
        </Card>
      )}
    </div>
  );
}

/** What the scorecard is of and for when, and the ways from here. */
function ScorecardHead(props: {
  subject: Subject;
  state: ScorecardState;
  subtitle: string;
  onWindow: (choice: ScorecardState['window']) => void;
}) {
  const { subject, state } = props;
  const operator = useOperators().get(subject.id);
  const explorer = useRouteRef(rootRouteRef)?.();
  const compare = useRouteRef(compareRouteRef)?.();
  const params = formatWindow(state.window);
  params.set(subject.kind, subject.id);
  return (
    <header className={styles.head}>
      <h2 className={styles.title}>
        Scorecard
        <span className={styles.subtitle}>{props.subtitle}</span>
        {subject.kind === 'orchestrator' && operator && (
          <OperatorLine {...operator} />
        )}
      </h2>
      <WindowToggle choice={state.window} onChange={props.onWindow} />
      {compare && (
        <ButtonLink
          size="small"
          variant="secondary"
          href={`${compare}?${params}`}
        >
          Compare
        </ButtonLink>
      )}
      {explorer && (
        <ButtonLink
          size="small"
          variant="tertiary"
          href={`${explorer}?${params}`}
        >
          In the Explorer
        </ButtonLink>
      )}
    </header>
  );
}

/** Who runs the orchestrator, as people told: text, whatever it looks like. */
function OperatorLine({ name, contact, stake_lpt: stake }: OrchestratorInfo) {
  return (
    <span className={styles.operator}>
      {name !== null && (
        <span>
          Run by <bdi>{name}</bdi>
        </span>
      )}
      {contact !== null && <bdi>{contact}</bdi>}
      {stake !== null && <span>Stake {formatCount(Number(stake))} LPT</span>}
    </span>
  );
}
