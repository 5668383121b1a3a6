import { KPI_CATALOGUE, KpiRow } from '@naap/plugin-naap-common';
import { KeyboardEvent, memo } from 'react';
import { CopyButton } from '../components/CopyButton';
import { KpiValue } from '../components/KpiValue';
import tokens from '../components/tokens.module.css';
import { cutMiddle, formatCount, NOTHING, shortAddress } from '../lib/format';
import { Facets } from './facets';
import styles from './OrchestratorTable.module.css';

/** One orchestrator with what it was seen with, its eight KPIs and n. */
export const OrchestratorRow = memo(
  (props: {
    index: number;
    row: KpiRow;
    facets: Facets;
    onSelect: (orchestrator: string | null) => void;
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  }) => {
    const { index, row, facets, onSelect } = props;
    const orchestrator = row.orchestrator ?? null;
    return (
      <tr
        data-index={index}
        aria-rowindex={index + 2}
        onClick={event => {
          // The buttons inside do what they say; anywhere else on the row goes down to its requests.
          if (!(event.target as HTMLElement).closest('button')) {
            onSelect(orchestrator);
          }
        }}
      >
        <th scope="row">
          <div className={styles.identity}>
            <button
              type="button"
              data-select
              className={styles.select}
              title={
                orchestrator ??
                'Requests that no orchestrator can be told for; they count in the network and are not ranked'
              }
              onClick={() => onSelect(orchestrator)}
              onKeyDown={props.onKeyDown}
            >
              {orchestrator ? shortAddress(orchestrator) : 'not attributed'}
            </button>
            {orchestrator && <CopyButton text={orchestrator} what="address" />}
          </div>
          <ListText
            values={facets.regions}
            length={19}
            absence="No region can be told from its gateways"
          />
        </th>
        <td>
          <div className={styles.facets}>
            <span className={styles.model}>
              <ListText
                values={facets.models}
                length={19}
                absence="Model unknown"
              />
            </span>
            <ListText
              values={facets.gpus}
              length={22}
              absence="GPU unknown"
              short={shortGpu}
            />
          </div>
        </td>
        {KPI_CATALOGUE.map(definition => (
          <td key={definition.id} className={styles.numeric}>
            <KpiValue definition={definition} row={row} />
          </td>
        ))}
        <td className={styles.numeric}>{formatCount(row.requests)}</td>
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
  values: string[];
  length: number;
  absence: string;
  short?: (value: string) => string;
}) {
  const { values, length, absence, short = value => value } = props;
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
