import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { Run, StepInfo } from '@naap/plugin-naap-common';
import { ReactNode } from 'react';
import { useNow } from '../components/useNow';
import { UtcTime } from '../components/UtcTime';
import { formatCount, formatCountOf } from '../lib/format';
import { formatAge } from '../lib/time';
import { runRouteRef } from '../routes';
import { RunMark } from './RunMark';
import { durationOf, durationText } from './runs';
import styles from './StepFacts.module.css';

/** How a step stands: what runs, what ran last, how fresh it is, what comes next. Times tick. */
export function StepFacts({ step }: { step: StepInfo }) {
  const { running, lastRun, lastSuccess, queued } = step;
  return (
    <dl className={styles.root}>
      <Fact name="Now">
        {running ? (
          <RunLink run={running} />
        ) : (
          <span className={styles.quiet}>not running</span>
        )}
        <Second>
          {running && <Elapsed run={running} usualMs={step.usualDurationMs} />}
          {running && queued > 0 && ' · '}
          {queued > 0 && `${formatCount(queued)} queued`}
        </Second>
      </Fact>
      <Fact name="Last run">
        {lastRun ? (
          <>
            <div className={styles.line}>
              <RunLink run={lastRun} />
              <Age iso={lastRun.finishedAt ?? lastRun.createdAt} />
            </div>
            <Second>
              {durationText(lastRun.durationMs, step.usualDurationMs)}
              {lastRun.rows !== null &&
                ` · ${formatCountOf(lastRun.rows, 'rows')}`}
            </Second>
          </>
        ) : (
          <span className={styles.quiet}>never</span>
        )}
      </Fact>
      <Fact name="Fresh as of">
        {lastSuccess?.finishedAt ? (
          <>
            <Age iso={lastSuccess.finishedAt} />
            <Second>
              <UtcTime iso={lastSuccess.finishedAt} seconds /> UTC
            </Second>
          </>
        ) : (
          <span className={styles.quiet}>
            {lastRun ? 'never ended well' : 'never ran'}
          </span>
        )}
      </Fact>
      <Fact name="Next run">
        {step.nextRunAt ? (
          <>
            <UtcTime iso={step.nextRunAt} /> UTC
            <Second>by schedule</Second>
          </>
        ) : (
          'when there is something to do'
        )}
      </Fact>
    </dl>
  );
}

function Fact(props: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

/** The second line; it keeps its place when it says nothing, so that nothing moves. */
function Second({ children }: { children: ReactNode }) {
  return <div className={styles.second}>{children}</div>;
}

function RunLink({ run }: { run: Run }) {
  const runLink = useRouteRef(runRouteRef);
  return (
    <Link href={runLink?.({ runId: run.id }) ?? ''}>
      <RunMark state={run.state} />
    </Link>
  );
}

function Age({ iso }: { iso: string }) {
  return <span>{formatAge(useNow() - Date.parse(iso))}</span>;
}

function Elapsed(props: { run: Run; usualMs: number | null }) {
  return <>{durationText(durationOf(props.run, useNow()), props.usualMs)}</>;
}
