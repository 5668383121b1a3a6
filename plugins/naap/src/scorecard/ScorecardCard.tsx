import { Link, Skeleton } from '@backstage/ui';
import { isIdle, KPI_CATALOGUE } from '@naap/plugin-naap-common';
import { useFreshness } from '../api/queries';
import { Card, CardHead } from '../components/Card';
import { Freshness } from '../components/Freshness';
import { KpiValue } from '../components/KpiValue';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import { ScoreBar } from '../components/ScoreBar';
import tokens from '../components/tokens.module.css';
import { resolveWindow } from '../explorer/explorerState';
import { useSame } from '../explorer/useExplorerState';
import { useEntityLinks } from '../lib/useEntityLinks';
import styles from './ScorecardCard.module.css';
import { Subject, useSubject } from './subject';
import { useScorecard } from './useScorecard';

const HEIGHT = 420;

/** The score and the KPIs of the last day, for the overview of an orchestrator or a model. */
export function ScorecardCard() {
  const subject = useSubject();
  return subject ? (
    <Summary key={`${subject.kind}/${subject.id}`} subject={subject} />
  ) : null;
}

function Summary({ subject }: { subject: Subject }) {
  const window = useSame(resolveWindow({ preset: '24h' }, Date.now()));
  const freshness = useFreshness();
  const { total, row, score, scores, targets } = useScorecard(subject, window);
  const href = useEntityLinks()[subject.kind](subject.id);
  const nothing = freshness.data?.watermark === null || (row && isIdle(row));
  return (
    <Card id="scorecard">
      <CardHead title="Scorecard" subtitle="24 h">
        {href && <Link href={`${href}/scorecard`}>Whole scorecard</Link>}
      </CardHead>
      {total.isError && !total.data && (
        <ErrorPanel
          what="The scorecard"
          error={total.error}
          onRetry={() => total.refetch()}
        />
      )}
      {total.isPending && !nothing && (
        <Skeleton
          className={tokens.skeleton}
          width="100%"
          height={HEIGHT}
          role="status"
          aria-label="Loading scorecard"
        />
      )}
      {nothing && (
        <EmptyPanel title="No request in the last 24 hours">
          The whole scorecard has longer windows.
        </EmptyPanel>
      )}
      {total.data && row && !nothing && (
        <>
          <dl className={styles.list}>
            <div className={styles.score}>
              <dt>SLA score</dt>
              <dd>
                <ScoreBar score={score} answer={scores} />
              </dd>
            </div>
            {KPI_CATALOGUE.map(definition => (
              <div key={definition.id} className={styles.kpi}>
                <dt>
                  {definition.name}
                  {definition.estimated && ', estimated'}
                </dt>
                <dd>
                  <KpiValue
                    definition={definition}
                    row={row}
                    targets={targets}
                  />
                </dd>
              </div>
            ))}
          </dl>
          <p className={styles.freshness}>
            <Freshness
              watermark={total.data.meta.watermark}
              state={total.data.meta.window.state}
            />
          </p>
        </>
      )}
    </Card>
  );
}
