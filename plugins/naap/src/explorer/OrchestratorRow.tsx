import {
  KPI_CATALOGUE,
  KpiRow,
  RowTargets,
  ScoreRow,
} from '@naap/plugin-naap-common';
import { memo } from 'react';
import { Link } from 'react-router-dom';
import { CopyButton } from '../components/CopyButton';
import { KpiValue } from '../components/KpiValue';
import { ScoreBar } from '../components/ScoreBar';
import tokens from '../components/tokens.module.css';
import { cutMiddle, formatCount, NOTHING, shortAddress } from '../lib/format';
import { Facets } from './facets';
import styles from './OrchestratorTable.module.css';

/** One orchestrator with its score, what it was seen with, its KPIs and n. */
export const OrchestratorRow = memo(
  (props: {
    index: number;
    row: KpiRow;
    score: ScoreRow | undefined;
    /** Who runs it, as people told. */
    operator: string | null;
    scoreAnswer: { isError: boolean; data: unknown };
    targets: RowTargets | undefined;
    /** Undefined while they are on their way, or failed. */
    facets: Facets | undefined;
    facetsFailed: boolean;
    /** Its page in the catalog. */
    href: string | undefined;
    /** Whether it is picked to be compared; null: no more can be picked. */
    picked: boolean | null;
    onPick: (orchestrator: string) => void;
    onSelect: (orchestrator: string | null) => void;
  }) => {
    const { index, row, score, operator, facets, href, picked } = props;
    const { onPick, onSelect } = props;
    const orchestrator = row.orchestrator ?? null;
    return (
      <tr
        data-index={index}
        aria-rowindex={index + 2}
        onClick={event => {
          // The controls inside do what they say; anywhere else on the row goes down to its requests.
          if (!(event.target as HTMLElement).closest('a, button, input')) {
            onSelect(orchestrator);
          }
        }}
      >
        <th scope="row">
          {orchestrator ? (
            <div className={styles.identity}>
              <input
                type="checkbox"
                data-control="pick"
                aria-label={`Compare ${shortAddress(orchestrator)}`}
                checked={picked === true}
                disabled={picked === null}
                onChange={() => onPick(orchestrator)}
              />
              {href ? (
                <Link
                  to={href}
                  data-control="name"
                  className={styles.select}
                  title={orchestrator}
                >
                  {shortAddress(orchestrator)}
                </Link>
              ) : (
                <span className={styles.address} title={orchestrator}>
                  {shortAddress(orchestrator)}
                </span>
              )}
              <CopyButton text={orchestrator} what="address" />
            </div>
          ) : (
            <div
              className={styles.identity}
              title="Requests that no orchestrator can be told for; they count in the network and are not ranked"
            >
              not attributed
            </div>
          )}
          {operator !== null && (
            <span className={styles.secondary} title={operator}>
              <bdi>{cutMiddle(operator, 13)}</bdi>
              {' · '}
            </span>
          )}
          <ListText
            values={facets?.regions}
            failed={props.facetsFailed}
            length={operator === null ? 19 : 4}
            absence="No region can be told from its gateways"
          />
        </th>
        <td>
          {orchestrator && (
            <ScoreBar score={score} answer={props.scoreAnswer} />
          )}
        </td>
        <td>
          <div className={styles.facets}>
            <span className={styles.model}>
              <ListText
                values={facets?.models}
                failed={props.facetsFailed}
                length={19}
                absence="Model unknown"
              />
            </span>
            <ListText
              values={facets?.gpus}
              failed={props.facetsFailed}
              length={22}
              absence="GPU unknown"
              short={shortGpu}
            />
          </div>
        </td>
        {KPI_CATALOGUE.map(definition => (
          <td key={definition.id} className={styles.numeric}>
            <KpiValue
              definition={definition}
              row={row}
              targets={props.targets}
            />
          </td>
        ))}
        <td className={styles.numeric}>
          <button
            type="button"
            data-control="requests"
            className={styles.select}
            title="Show these requests"
            onClick={() => onSelect(orchestrator)}
          >
            {formatCount(row.requests)}
          </button>
        </td>
      </tr>
    );
  },
);

/** Without the words that all of them share: `RTX 4090`. */
function shortGpu(name: string): string {
  return name.replace(/^NVIDIA (GeForce )?/, '');
}

/** The first value and how many more; all of them on hover. */
function ListText(props: {
  values: string[] | undefined;
  failed: boolean;
  length: number;
  absence: string;
  short?: (value: string) => string;
}) {
  const { values, failed, length, absence, short = value => value } = props;
  if (!values) {
    return (
      <span className={styles.secondary}>{failed && 'failed to load'}</span>
    );
  }
  if (values.length === 0) {
    return (
      <span className={styles.secondary} title={absence}>
        <span aria-hidden="true">{NOTHING}</span>
        <span className={tokens.visuallyHidden}>{absence}</span>
      </span>
    );
  }
  return (
    <span className={styles.secondary} title={values.join('\n')}>
      {cutMiddle(short(values[0]), length)}
      {values.length > 1 && ` +${values.length - 1}`}
    </span>
  );
}
