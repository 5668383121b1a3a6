import { Link, Skeleton } from '@backstage/ui';
import {
  isIdle,
  KPI_CATALOGUE,
  KpiAnswer,
  KpiRow,
  ScoreAnswer,
  Window,
} from '@naap/plugin-naap-common';
import { UseQueryResult } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useScores } from '../api/queries';
import { CardHead } from '../components/Card';
import { CopyButton } from '../components/CopyButton';
import { KpiValue } from '../components/KpiValue';
import { Pager, pageOf } from '../components/Pager';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import { ScoreBar } from '../components/ScoreBar';
import tokens from '../components/tokens.module.css';
import { exportKpis } from '../explorer/exportTables';
import { ExportMenu } from '../export/ExportMenu';
import { exportMeta } from '../export/table';
import { cutMiddle, formatCount, shortAddress } from '../lib/format';
import { useEntityLinks } from '../lib/useEntityLinks';
import { Subject } from './subject';
import type { TargetsOfModel } from './useScorecard';
import styles from './Table.module.css';

const PAGE_SIZE = 10;
const SKELETON_HEIGHT = 150;

/** The models that an orchestrator ran, or the orchestrators that ran a model, busiest first. */
export function OthersCard(props: {
  subject: Subject;
  window: Required<Window>;
  /** KPIs of the subject by what it is broken down by. */
  answer: UseQueryResult<KpiAnswer>;
  targetsOf: TargetsOfModel;
  /** The query string that keeps the window on the way to them. */
  search: string;
}) {
  const { subject, window, answer } = props;
  const { data } = answer;
  const by = subject.others;
  const scores = useScores({ ...window, filters: subject.filters, by });
  const title = by === 'model' ? 'Models' : 'Orchestrators';
  const rows = useMemo(() => data?.rows.filter(row => !isIdle(row)), [data]);
  return (
    <>
      <CardHead
        title={title}
        subtitle={
          rows && formatCount(rows.filter(row => row[by] !== null).length)
        }
      >
        {data && (
          <ExportMenu
            what={title.toLowerCase()}
            load={() => ({
              table: exportKpis(`${by}s`, data.rows),
              meta: exportMeta(data.meta),
            })}
          />
        )}
      </CardHead>
      {answer.isError && !data && (
        <ErrorPanel
          what={`The ${by}s`}
          error={answer.error}
          onRetry={() => answer.refetch()}
        />
      )}
      {scores.isError && !scores.data && data && (
        <ErrorPanel
          what="The scores"
          error={scores.error}
          onRetry={() => scores.refetch()}
        />
      )}
      {answer.isPending && <TableSkeleton what={`${by}s`} />}
      {rows?.length === 0 && <EmptyPanel title={`No ${by} in this window`} />}
      {rows && rows.length > 0 && (
        <OthersTable
          subject={subject}
          rows={rows}
          scores={scores}
          targetsOf={props.targetsOf}
          search={props.search}
        />
      )}
    </>
  );
}

function OthersTable(props: {
  subject: Subject;
  rows: readonly KpiRow[];
  scores: UseQueryResult<ScoreAnswer>;
  targetsOf: TargetsOfModel;
  search: string;
}) {
  const { subject, scores, targetsOf } = props;
  const [page, setPage] = useState(0);
  const rows = useMemo(
    () => [...props.rows].sort((a, b) => b.requests - a.requests),
    [props.rows],
  );
  const scoreOf = new Map(scores.data?.rows.map(score => [score.key, score]));
  const shown = pageOf(rows, page, PAGE_SIZE);
  return (
    <>
      <div className={styles.scroller} tabIndex={-1}>
        <table
          className={styles.wide}
          aria-label={subject.others === 'model' ? 'Models' : 'Orchestrators'}
        >
          <thead>
            <tr>
              <th scope="col" className={styles.identity}>
                {subject.others === 'model' ? 'Model' : 'Orchestrator'}
              </th>
              <th scope="col" className={styles.score}>
                Score
              </th>
              {KPI_CATALOGUE.map(kpi => (
                <th
                  key={kpi.id}
                  scope="col"
                  className={styles.numeric}
                  title={kpi.name}
                >
                  {kpi.shortName}
                  {kpi.estimated && ', est.'}
                </th>
              ))}
              <th scope="col" className={styles.numeric}>
                Requests
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(row => {
              const id = row[subject.others] ?? null;
              const model =
                subject.kind === 'model' ? subject.id : row.model ?? null;
              return (
                <tr key={id ?? ''}>
                  <th scope="row">
                    <Other
                      id={id}
                      kind={subject.others}
                      search={props.search}
                    />
                  </th>
                  <td className={styles.score}>
                    {id !== null && (
                      <ScoreBar score={scoreOf.get(id)} answer={scores} />
                    )}
                  </td>
                  {KPI_CATALOGUE.map(definition => (
                    <td key={definition.id} className={styles.numeric}>
                      <KpiValue
                        definition={definition}
                        row={row}
                        targets={targetsOf({ ...row, model })}
                      />
                    </td>
                  ))}
                  <td className={styles.numeric}>
                    {formatCount(row.requests)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {rows.length > PAGE_SIZE && (
        <Pager
          what={`${subject.others}s`}
          total={rows.length}
          page={page}
          pageSize={PAGE_SIZE}
          onPage={setPage}
          ranked
        />
      )}
    </>
  );
}

/** Holds the place of a table. */
export function TableSkeleton({ what }: { what: string }) {
  return (
    <Skeleton
      className={tokens.skeleton}
      width="100%"
      height={SKELETON_HEIGHT}
      role="status"
      aria-label={`Loading ${what}`}
    />
  );
}

function Other(props: {
  id: string | null;
  kind: Subject['others'];
  search: string;
}) {
  const { id, kind, search } = props;
  if (id === null) {
    return (
      <span
        title={
          kind === 'model'
            ? 'Requests whose messages name no model'
            : 'Requests that no orchestrator can be told for'
        }
      >
        not attributed
      </span>
    );
  }
  return <EntityText id={id} kind={kind} search={search} />;
}

/** An orchestrator or a model, short, as a link to its page in the catalog, whole on hover. */
export function EntityText(props: {
  id: string;
  kind: 'orchestrator' | 'model';
  search: string;
}) {
  const { id, kind, search } = props;
  const href = useEntityLinks()[kind](id);
  const text = kind === 'orchestrator' ? shortAddress(id) : cutMiddle(id, 30);
  return (
    <span className={styles.entity}>
      {href ? (
        <Link href={`${href}/scorecard?${search}`} title={id}>
          {text}
        </Link>
      ) : (
        <span title={id}>{text}</span>
      )}
      {kind === 'orchestrator' && <CopyButton text={id} what="address" />}
    </span>
  );
}
