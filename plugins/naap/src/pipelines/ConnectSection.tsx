import { Button } from '@backstage/ui';
import {
  ConnectorAction,
  ConnectorInfo,
  ConnectorListAnswer,
  ConnectorState,
} from '@naap/plugin-naap-common';
import { errorText } from '../components/Panel';
import { Scroller } from '../components/Scroller';
import { UtcTime } from '../components/UtcTime';
import { formatCount, NOTHING } from '../lib/format';
import styles from './ConnectSection.module.css';
import { DeadLetters } from './DeadLetters';
import page from './Pipelines.module.css';
import { useConnectorChange, useConnectors } from './queries';

const HINTS: Record<ConnectorState, string> = {
  running: 'Writes what comes',
  paused: 'Somebody paused it; what comes waits in its topic',
  stopped: 'Somebody stopped it; what comes waits in its topic',
  failed: 'It is started anew by itself, after longer and longer',
  unassigned: 'No worker has it just now',
  restarting: 'It starts anew',
  missing: 'Nobody has made it; naap apply does',
  unknown: 'Kafka Connect does not answer',
};

/** The connectors that write the lake; nothing where no Kafka Connect is configured. */
export function ConnectSection() {
  const { data } = useConnectors();
  return data && data.rows.length > 0 ? <Connectors list={data} /> : null;
}

function Connectors({ list }: { list: ConnectorListAnswer }) {
  const change = useConnectorChange();
  const refused = Object.entries(list.may)
    .filter(([, may]) => !may)
    .map(([action]) => `naap.connector.${action}`);
  return (
    <section className={page.card}>
      <h2 className={page.title}>
        Kafka Connect <span className={page.muted}>writes the lake</span>
      </h2>
      {list.problems.map(problem => (
        <p key={problem} className={styles.error} role="alert">
          {problem}
        </p>
      ))}
      {change.error && (
        <p className={styles.error} role="alert">
          {errorText(change.error)}
        </p>
      )}
      <Scroller className={styles.scroller} label="Connectors">
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Connector</th>
              <th scope="col">Writes</th>
              <th scope="col">State</th>
              <th scope="col">Behind</th>
              <th scope="col">Last commit</th>
              <th scope="col">
                <span className={styles.unseen}>What can be done</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {list.rows.map(row => (
              <Row
                key={row.name}
                row={row}
                may={list.may}
                isBusy={change.isPending}
                onChange={action =>
                  change.mutate({ connector: row.name, action })
                }
              />
            ))}
          </tbody>
        </table>
      </Scroller>
      {refused.length > 0 && (
        <p className={styles.refused}>
          needs permission {refused.join(', ')}; guests read only
        </p>
      )}
      <DeadLetters total={list.deadLetters} />
    </section>
  );
}

function Row(props: {
  row: ConnectorInfo;
  may: ConnectorListAnswer['may'];
  isBusy: boolean;
  onChange: (action: ConnectorAction) => void;
}) {
  const { row, may, isBusy, onChange } = props;
  const isPaused = row.state === 'paused' || row.state === 'stopped';
  const actions: Array<[ConnectorAction, string]> = [
    isPaused ? ['resume', 'Resume'] : ['pause', 'Pause'],
    ['restart', 'Restart'],
  ];
  return (
    <tr>
      <th scope="row">
        {row.name}
        <div className={styles.note}>reads {row.topics.join(', ')}</div>
      </th>
      <td>{row.table ?? NOTHING}</td>
      <td>
        <span className={styles[row.state]} title={HINTS[row.state]}>
          {row.state}
        </span>
        {row.error && <div className={styles.note}>{row.error}</div>}
        {row.drift.map(({ what, is, should }) => (
          <div key={what} className={styles.note}>
            {what} is {is ?? 'not set'}, declared is {should ?? 'nothing'}
          </div>
        ))}
      </td>
      <td>{row.lag === null ? NOTHING : formatCount(row.lag)}</td>
      <td>
        {row.committedAt ? (
          <>
            <UtcTime iso={row.committedAt} seconds /> UTC
          </>
        ) : (
          NOTHING
        )}
      </td>
      <td className={styles.actions}>
        {actions.map(([action, label]) => (
          <Button
            key={action}
            size="small"
            variant="secondary"
            isDisabled={!may[action] || isBusy || row.state === 'missing'}
            aria-label={`${label} ${row.name}`}
            onPress={() => onChange(action)}
          >
            {label}
          </Button>
        ))}
      </td>
    </tr>
  );
}
