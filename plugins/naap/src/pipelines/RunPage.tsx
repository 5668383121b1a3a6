import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Link, Skeleton } from '@backstage/ui';
import { Run, StepInfo } from '@naap/plugin-naap-common';
import { RiArrowLeftLine } from '@remixicon/react';
import { ReactNode } from 'react';
import { useParams } from 'react-router-dom';
import { CopyButton } from '../components/CopyButton';
import { ErrorPanel } from '../components/Panel';
import { Scroller } from '../components/Scroller';
import tokens from '../components/tokens.module.css';
import { useNow } from '../components/useNow';
import { UtcTime } from '../components/UtcTime';
import { cutMiddle, formatCount, NOTHING } from '../lib/format';
import { pipelinesRouteRef, runRouteRef } from '../routes';
import styles from './Pipelines.module.css';
import { useRun, useRuns, useSteps } from './queries';
import { RunActions } from './RunActions';
import { RunDetailsView } from './RunDetailsView';
import { RunLog } from './RunLog';
import { RunMark } from './RunMark';
import page from './RunPage.module.css';
import { argumentTexts, durationOf, durationText, TRIGGER_TEXT } from './runs';

// Newest first: what took the place of a run is not far from it.
const LATER_RUNS = 50;

/** One run: who, why, what it did, and its log as it is written. */
export function RunPage() {
  const { runId = '' } = useParams();
  const run = useRun(runId);
  const steps = useSteps();
  const step = steps.data?.rows.find(row => row.id === run.data?.step);
  const pipelines = useRouteRef(pipelinesRouteRef)?.() ?? '';
  return (
    <div className={styles.page}>
      <Link href={pipelines} className={page.back} standalone>
        <RiArrowLeftLine aria-hidden="true" /> Pipelines
      </Link>
      {run.isError && !run.data && (
        <ErrorPanel
          what={`Run ${cutMiddle(runId, 40)}`}
          error={run.error}
          onRetry={() => run.refetch()}
        />
      )}
      {run.isPending && (
        <div role="status" aria-label="Loading the run">
          <Skeleton className={tokens.skeleton} width="100%" height={220} />
        </div>
      )}
      {run.data && <RunView run={run.data} step={step} />}
    </div>
  );
}

function RunView({ run, step }: { run: Run; step: StepInfo | undefined }) {
  return (
    <>
      <header className={page.head}>
        <h2 className={page.title}>{step?.title ?? run.step}</h2>
        <RunMark state={run.state} />
        <span className={styles.muted} title={run.id}>
          run {cutMiddle(run.id, 14)}
          <CopyButton text={run.id} what="run id" />
        </span>
        <RunActions run={run} step={step} />
      </header>
      {run.state === 'lost' && <Lost run={run} />}
      {run.error && <RunError text={run.error} />}
      <RunFacts run={run} usualMs={step?.usualDurationMs ?? null} />
      {run.details && <RunDetailsView details={run.details} />}
      <RunLog key={run.id} runId={run.id} />
    </>
  );
}

/** Says what became of a run whose process died, and what takes its place. */
function Lost({ run }: { run: Run }) {
  const later = useRuns({ step: run.step, limit: LATER_RUNS });
  const runLink = useRouteRef(runRouteRef);
  const next = later.data?.rows.find(other => other.retryOf === run.id);
  return (
    <p role="status" className={page.lost}>
      <strong>The process that ran it died.</strong> What it had finished stays
      sound, and nothing is doubled when the step runs again.{' '}
      {next ? (
        <>
          <Link href={runLink?.({ runId: next.id }) ?? ''}>Another run</Link>{' '}
          took its place: <RunMark state={next.state} />
        </>
      ) : (
        'The next run of the step makes up for it; “Run again” starts one now.'
      )}
    </p>
  );
}

function RunError({ text }: { text: string }) {
  return (
    <section className={styles.card}>
      <h3 className={styles.title}>
        Error <CopyButton text={text} what="error" />
      </h3>
      <Scroller as="pre" className={page.error} label="Error">
        {text}
      </Scroller>
    </section>
  );
}

function RunFacts(props: { run: Run; usualMs: number | null }) {
  const { run, usualMs } = props;
  const runLink = useRouteRef(runRouteRef);
  const args = argumentTexts({ ...run.arguments, days: undefined });
  return (
    <dl className={page.facts}>
      <Fact name="Why">
        {TRIGGER_TEXT[run.trigger]}
        {run.retryOf && (
          <>
            {', repeats '}
            <Link href={runLink?.({ runId: run.retryOf }) ?? ''}>
              run {cutMiddle(run.retryOf, 14)}
            </Link>
          </>
        )}
      </Fact>
      <Fact name="Who">{run.startedBy}</Fact>
      <Fact name="Arguments">
        {[...args, ...(run.arguments.days ?? [])].join(', ') || 'none'}
      </Fact>
      <Fact name="Asked for">
        <UtcTime iso={run.createdAt} seconds /> UTC
      </Fact>
      <Fact name="Began">
        <Moment iso={run.startedAt} why="It never began" />
      </Fact>
      <Fact name="Ended">
        <Moment
          iso={run.finishedAt}
          why={run.startedAt ? 'Not yet' : 'It never began'}
        />
      </Fact>
      <Fact name="Duration">
        <Duration run={run} usualMs={usualMs} />
      </Fact>
      <Fact name="Rows written">
        {run.rows === null ? (
          <Nothing why="The step counted none" />
        ) : (
          formatCount(run.rows)
        )}
        {run.changed === false && (
          <span className={styles.muted}> · nothing for the next step</span>
        )}
      </Fact>
    </dl>
  );
}

function Fact(props: { name: string; children: ReactNode }) {
  return (
    <div className={page.fact}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Moment(props: { iso: string | null; why: string }) {
  return props.iso ? (
    <>
      <UtcTime iso={props.iso} seconds /> UTC
    </>
  ) : (
    <Nothing why={props.why} />
  );
}

function Duration(props: { run: Run; usualMs: number | null }) {
  const text = durationText(durationOf(props.run, useNow()), props.usualMs);
  return text ? <>{text}</> : <Nothing why="It did not run" />;
}

function Nothing({ why }: { why: string }) {
  return (
    <span title={why}>
      <span aria-hidden="true">{NOTHING}</span>
      <span className={tokens.visuallyHidden}>{why}</span>
    </span>
  );
}
