import { KafkaIntake } from '@naap/plugin-naap-common';
import { useFreshness } from '../api/queries';
import { UtcTime } from '../components/UtcTime';
import { formatCount, formatCountOf, NOTHING } from '../lib/format';
import styles from './KafkaSection.module.css';
import page from './Pipelines.module.css';

/** How far the platform is with the topics of Kafka that it reads; nothing where it reads none. */
export function KafkaSection() {
  const { data } = useFreshness();
  return data?.kafka ? <Intake kafka={data.kafka} /> : null;
}

function Intake({ kafka }: { kafka: KafkaIntake }) {
  const { alive, lag, partitions, lastError } = kafka;
  return (
    <section className={page.card}>
      <h2 className={page.title}>
        Kafka{' '}
        <span className={page.muted}>
          {alive ? 'connected' : 'not reached'} ·{' '}
          {lag === null ? NOTHING : formatCountOf(lag, 'messages')} behind
          {alive ? '' : ' at the last look'}
        </span>
      </h2>
      {lastError && (
        <p className={styles.error} role={alive ? undefined : 'alert'}>
          <UtcTime iso={lastError.at} seconds /> UTC: {lastError.message}
        </p>
      )}
      {partitions.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Partition</th>
              <th scope="col">Read up to</th>
              <th scope="col">Ends at</th>
              <th scope="col">Behind</th>
            </tr>
          </thead>
          <tbody>
            {partitions.map(one => (
              <tr key={`${one.topic}/${one.partition}`}>
                <th scope="row">
                  {one.topic}/{one.partition}
                </th>
                <td>{one.position}</td>
                <td>{one.end}</td>
                <td>{formatCount(one.lag)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
