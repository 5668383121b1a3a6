import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Button, Link, Select, Skeleton } from '@backstage/ui';
import {
  Run,
  RUN_STATES,
  RUN_TRIGGERS,
  RunListAnswer,
  STEP_IDS,
} from '@naap/plugin-naap-common';
import { useSearchParams } from 'react-router-dom';
import { Pager } from '../components/Pager';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import { useNow } from '../components/useNow';
import { UtcTime } from '../components/UtcTime';
import {
  cutMiddle,
  formatCount,
  formatCountOf,
  formatDuration,
  NOTHING,
} from '../lib/format';
import { runRouteRef } from '../routes';
import styles from './Pipelines.module.css';
import { useRuns } from './queries';
import table from './RunHistory.module.css';
import {
  formatRunHistoryState,
  hiddenRuns,
  PAGE_SIZE,
  parseRunHistoryState,
  RunHistoryState,
  shownRuns,
} from './runHistoryState';
import { RunMark } from './RunMark';
import { argumentTexts, durationOf, TRIGGER_TEXT } from './runs';

const ALL = '';

/** What ran, newest first; filters and page are in the URL. */
export function RunHistory() {
  const [params, setParams] = useSearchParams();
  const state = parseRunHistoryState(params);
  const runs = useRuns(shownRuns(state));
  const change = (next: Partial<RunHistoryState>) =>
    setParams(
      current =>
        formatRunHistoryState({
          ...parseRunHistoryState(current),
          page: 0,
          ...next,
        }),
      { preventScrollReset: true },
    );
  return (
    <section className={styles.card}>
      <div className={table.toolbar}>
        <h2 className={styles.title}>
          Runs{' '}
          {runs.data && (
            <span className={styles.muted}>{formatCount(runs.data.total)}</span>
          )}
        </h2>
        <Filters state={state} onChange={change} />
      </div>
      {runs.isError && (
        <ErrorPanel
          what="The runs"
          error={runs.error}
          onRetry={() => runs.refetch()}
        />
      )}
      {runs.isPending && (
        <div className={styles.loading} role="status" aria-label="Loading runs">
          {Array.from({ length: 8 }, (_, index) => (
            <Skeleton
              className={tokens.skeleton}
              key={index}
              width="100%"
              height={26}
            />
          ))}
        </div>
      )}
      {runs.data && <RunTable answer={runs.data} />}
      {state.trigger.length === 0 && (
        <HiddenRuns
          state={state}
          onShow={() => change({ trigger: [...RUN_TRIGGERS] })}
        />
      )}
      {runs.data && (runs.data.total > PAGE_SIZE || state.page > 0) && (
        <Pager
          what="runs"
          total={runs.data.total}
          page={state.page}
          pageSize={PAGE_SIZE}
          onPage={page => change({ page })}
        />
      )}
    </section>
  );
}

function Filters(props: {
  state: RunHistoryState;
  onChange: (next: Partial<RunHistoryState>) => void;
}) {
  const { state, onChange } = props;
  return (
    <div className={table.filters}>
      <Select
        size="small"
        aria-label="Step"
        options={[
          { id: ALL, label: 'All steps' },
          ...STEP_IDS.map(id => ({ id, label: id })),
        ]}
        value={state.step ?? ALL}
        onChange={key =>
          onChange({ step: STEP_IDS.find(id => id === key) ?? null })
        }
      />
      <Select
        size="small"
        aria-label="State"
        placeholder="All states"
        selectionMode="multiple"
        options={RUN_STATES.map(name => ({ id: name, label: name }))}
        value={state.state}
        onChange={keys =>
          onChange({ state: RUN_STATES.filter(name => keys.includes(name)) })
        }
      />
      <Select
        size="small"
        aria-label="Started"
        placeholder="All but the loop"
        selectionMode="multiple"
        options={RUN_TRIGGERS.map(name => ({
          id: name,
          label: TRIGGER_TEXT[name],
        }))}
        value={state.trigger}
        onChange={keys =>
          onChange({
            trigger: RUN_TRIGGERS.filter(name => keys.includes(name)),
          })
        }
      />
    </div>
  );
}

function HiddenRuns(props: { state: RunHistoryState; onShow: () => void }) {
  const { data } = useRuns(hiddenRuns(props.state));
  return data && data.total > 0 ? (
    <p className={table.hidden}>
      {formatCountOf(data.total, 'runs')} by the loop{' '}
      {data.total === 1 ? 'is' : 'are'} hidden.
      <Button size="small" variant="tertiary" onPress={props.onShow}>
        Show them too
      </Button>
    </p>
  ) : null;
}

function RunTable({ answer }: { answer: RunListAnswer }) {
  if (answer.rows.length === 0) {
    return (
      <EmptyPanel title="No runs here">None with these filters.</EmptyPanel>
    );
  }
  return (
    <div className={table.scroller} tabIndex={-1}>
      <table className={table.table} aria-label="Runs">
        <colgroup>
          <col style={{ width: 140 }} />
          <col style={{ width: 120 }} />
          <col style={{ width: 92 }} />
          <col style={{ width: 100 }} />
          <col />
          <col style={{ width: 92 }} />
          <col style={{ width: 100 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Asked for (UTC)</th>
            <th scope="col">State</th>
            <th scope="col">Step</th>
            <th scope="col">Arguments</th>
            <th scope="col">Why and who</th>
            <th scope="col" className={table.numeric}>
              Took
            </th>
            <th scope="col" className={table.numeric}>
              Rows
            </th>
          </tr>
        </thead>
        <tbody>
          {answer.rows.map(run => (
            <RunRow key={run.id} run={run} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RunRow({ run }: { run: Run }) {
  const runLink = useRouteRef(runRouteRef);
  return (
    <tr>
      <th scope="row">
        <Link href={runLink?.({ runId: run.id }) ?? ''}>
          <UtcTime iso={run.createdAt} seconds />
        </Link>
      </th>
      <td>
        <RunMark state={run.state} />
      </td>
      <td>{run.step}</td>
      <td title={run.arguments.days?.join(', ')}>
        {argumentTexts(run.arguments).join(', ') || (
          <Nothing why="No arguments" />
        )}
      </td>
      <td>
        {TRIGGER_TEXT[run.trigger]}
        {run.trigger !== 'loop' && (
          <span className={styles.muted} title={run.startedBy}>
            {' · '}
            {cutMiddle(run.startedBy, 36)}
          </span>
        )}
        {run.error && (
          <div className={table.error} title={run.error}>
            {cutMiddle(run.error, 90)}
          </div>
        )}
      </td>
      <td className={table.numeric}>
        {run.state === 'running' ? (
          <Elapsed run={run} />
        ) : (
          formatDuration(run.durationMs)
        )}
      </td>
      <td className={table.numeric}>
        {run.rows === null ? (
          <Nothing why="Nothing counted" />
        ) : (
          formatCount(run.rows)
        )}
      </td>
    </tr>
  );
}

function Elapsed({ run }: { run: Run }) {
  return <>{formatDuration(durationOf(run, useNow()))}</>;
}

function Nothing({ why }: { why: string }) {
  return (
    <span title={why}>
      <span aria-hidden="true">{NOTHING}</span>
      <span className={tokens.visuallyHidden}>{why}</span>
    </span>
  );
}
