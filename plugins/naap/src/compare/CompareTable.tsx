import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Link, Skeleton } from '@backstage/ui';
import {
  KPI_CATALOGUE,
  KpiDefinition,
  KpiId,
  KpiRow,
  peerMedian,
} from '@naap/plugin-naap-common';
import { RiCloseLine, RiStarFill } from '@remixicon/react';
import { ReactNode } from 'react';
import { KpiValue } from '../components/KpiValue';
import { ScoreBar } from '../components/ScoreBar';
import tokens from '../components/tokens.module.css';
import {
  cutMiddle,
  formatCount,
  formatCountOf,
  formatValue,
  NOTHING,
} from '../lib/format';
import { definitionsRouteRef } from '../routes';
import { EntityText } from '../scorecard/OthersTable';
import { bestOfKpi, bestOfScores, Compared } from './compared';
import { CompareKind } from './compareState';
import styles from './CompareTable.module.css';

const NO_REQUEST = 'No request in this window';
const ROW_HEIGHT = 104;

/** One column for each of the chosen ones, one row for each KPI, and the median of the network at the end. */
export function CompareTable(props: {
  kind: CompareKind;
  compared: readonly Compared[];
  /** Rows of all of the network; undefined while they load. */
  peers: readonly KpiRow[] | undefined;
  /** The query string that keeps the window on the way to their scorecards. */
  search: string;
  /** Whether figures are still on their way. */
  loading: boolean;
  /** The answer that the scores are of. */
  scoreAnswer: { isError: boolean; data: unknown };
  onKpi: (id: KpiId) => void;
  onRemove: (id: string) => void;
}) {
  const { kind, compared, peers, loading } = props;
  const definitions = useRouteRef(definitionsRouteRef)?.();
  const bestScore = bestOfScores(compared);
  return (
    <>
      <div className={styles.scroller} tabIndex={-1}>
        <table className={styles.table} aria-label="Side by side">
          <colgroup>
            <col className={styles.names} />
            {compared.map(({ id }) => (
              <col key={id} className={styles.figures} />
            ))}
            <col className={styles.median} />
          </colgroup>
          <thead>
            <tr>
              <td />
              {compared.map(({ id, others }) => (
                <th key={id} scope="col">
                  <div className={styles.subject}>
                    <EntityText id={id} kind={kind} search={props.search} />
                    <button
                      type="button"
                      className={styles.remove}
                      aria-label={`Remove ${cutMiddle(id, 24)}`}
                      title="Remove"
                      onClick={() => props.onRemove(id)}
                    >
                      <RiCloseLine aria-hidden="true" />
                    </button>
                  </div>
                  <Others kind={kind} others={others} />
                </th>
              ))}
              <th scope="col" className={styles.muted}>
                Network median
              </th>
            </tr>
          </thead>
          <tbody>
            <Row name="Requests">
              {compared.map(({ id, row }) => (
                <td key={id}>
                  <Present row={row} loading={loading}>
                    {row && formatCount(row.requests)}
                  </Present>
                </td>
              ))}
              <td />
            </Row>
            <Row
              name="SLA score"
              below={
                definitions && (
                  <Link href={`${definitions}#score`}>Definition</Link>
                )
              }
            >
              {compared.map(({ id, score }, index) => (
                <td key={id}>
                  <div className={styles.score}>
                    <ScoreBar score={score} answer={props.scoreAnswer} />
                  </div>
                  {index === bestScore && <Best />}
                </td>
              ))}
              <td />
            </Row>
            {KPI_CATALOGUE.map(definition => {
              const best = bestOfKpi(definition, compared);
              return (
                <Row
                  key={definition.id}
                  name={
                    <button
                      type="button"
                      className={styles.name}
                      title={`Draw the trends of ${definition.name}`}
                      onClick={() => props.onKpi(definition.id)}
                    >
                      {definition.name}
                    </button>
                  }
                  below={
                    definitions && (
                      <Link href={`${definitions}#${definition.id}`}>
                        Definition
                      </Link>
                    )
                  }
                >
                  {compared.map(({ id, row, targets }, index) => (
                    <td key={id}>
                      <Present row={row} loading={loading}>
                        {row && (
                          <KpiValue
                            definition={definition}
                            row={row}
                            targets={targets}
                            roomy
                          />
                        )}
                      </Present>
                      {index === best && <Best />}
                    </td>
                  ))}
                  <td className={styles.muted}>
                    {peers && (
                      <Median
                        definition={definition}
                        rows={peers}
                        kind={kind}
                      />
                    )}
                  </td>
                </Row>
              );
            })}
          </tbody>
        </table>
      </div>
      <p className={styles.note}>
        <Best /> is said only where the 95 % interval lies apart from those of
        all others. Figures without an interval have no best.
        {kind === 'orchestrator' &&
          ' Other models and GPUs make other figures: what each ran stands under its name.'}
      </p>
    </>
  );
}

function Row(props: {
  name: ReactNode;
  below?: ReactNode;
  children: ReactNode;
}) {
  return (
    <tr>
      <th scope="row">
        {props.name}
        {props.below && <div className={styles.below}>{props.below}</div>}
      </th>
      {props.children}
    </tr>
  );
}

/** What is there of one, or that it is on its way, or that there is nothing. */
function Present(props: {
  row: KpiRow | undefined;
  loading: boolean;
  children: ReactNode;
}) {
  if (props.row) {
    return <>{props.children}</>;
  }
  return props.loading ? (
    <Skeleton
      className={tokens.skeleton}
      width="100%"
      height={32}
      role="status"
      aria-label="Loading"
    />
  ) : (
    <span title={NO_REQUEST}>
      <span aria-hidden="true">{NOTHING}</span>
      <span className={tokens.visuallyHidden}>{NO_REQUEST}</span>
    </span>
  );
}

/** Which models an orchestrator ran, or how many orchestrators ran a model. */
function Others(props: { kind: CompareKind; others: string[] }) {
  const { kind, others } = props;
  const text =
    kind === 'model'
      ? formatCountOf(others.length, 'orchestrators')
      : [
          ...others.slice(0, 1).map(model => cutMiddle(model, 22)),
          ...(others.length > 1 ? [`+${others.length - 1}`] : []),
        ].join(' ');
  return (
    <div className={styles.others} title={others.slice(0, 20).join('\n')}>
      {others.length > 0 && text}
    </div>
  );
}

function Median(props: {
  definition: KpiDefinition;
  rows: readonly KpiRow[];
  kind: CompareKind;
}) {
  const { definition, rows, kind } = props;
  const { value, n } = peerMedian(definition, rows, kind);
  return (
    <span
      title={`Median over the ${formatCountOf(
        n,
        `${kind}s`,
      )} of the network with enough data in this window`}
    >
      {formatValue(value, definition.unit)}
      <span className={styles.of}>of {formatCount(n)}</span>
    </span>
  );
}

function Best() {
  return (
    <span className={styles.best}>
      <RiStarFill aria-hidden="true" />
      best
    </span>
  );
}

/** Holds the place of the table. */
export function CompareTableSkeleton({ columns }: { columns: number }) {
  return (
    <div
      className={styles.loading}
      role="status"
      aria-label={`Loading ${formatCountOf(columns, 'columns')}`}
    >
      {KPI_CATALOGUE.map(({ id }) => (
        <Skeleton
          className={tokens.skeleton}
          key={id}
          width="100%"
          height={ROW_HEIGHT - 10}
        />
      ))}
    </div>
  );
}
