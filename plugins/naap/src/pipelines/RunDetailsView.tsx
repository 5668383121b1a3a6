import { RiCheckLine, RiCloseLine } from '@remixicon/react';
import { useMemo } from 'react';
import { Scroller } from '../components/Scroller';
import { formatCount, formatDuration, NOTHING } from '../lib/format';
import styles from './Pipelines.module.css';
import { readRunDetails, RunDetails } from './runDetails';
import view from './RunDetailsView.module.css';

/** What a step reports of itself: models, tests with the failing first, days, and the rest by name. */
export function RunDetailsView(props: { details: Record<string, unknown> }) {
  const details = useMemo(() => readRunDetails(props.details), [props.details]);
  const { models, tests, failures, days, rest } = details;
  return (
    <div className={view.columns}>
      {models.length > 0 && <Models models={models} />}
      {(tests || failures.length > 0) && (
        <Tests tests={tests} failures={failures} />
      )}
      {days.length > 0 && (
        <section className={styles.card}>
          <h3 className={styles.title}>
            Days replaced{' '}
            <span className={styles.muted}>{formatCount(days.length)}</span>
          </h3>
          <p className={view.text}>{days.join(', ')}</p>
        </section>
      )}
      {rest.length > 0 && (
        <section className={styles.card}>
          <h3 className={styles.title}>What it reports</h3>
          <dl className={view.rest}>
            {rest.map(({ name, text }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </div>
  );
}

function Models({ models }: Pick<RunDetails, 'models'>) {
  const counted = models.some(model => model.rows !== null);
  const longestFirst = [...models].sort((a, b) => (b.ms ?? 0) - (a.ms ?? 0));
  return (
    <section className={styles.card}>
      <h3 className={styles.title}>
        Models{' '}
        <span className={styles.muted}>{formatCount(models.length)}</span>
      </h3>
      <Scroller className={view.scroller} label="Models with their time">
        <table className={view.table} aria-label="Models">
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">Time</th>
              {counted && <th scope="col">Rows</th>}
            </tr>
          </thead>
          <tbody>
            {longestFirst.map(({ name, ms, rows }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{formatDuration(ms)}</td>
                {counted && (
                  <td>{rows === null ? NOTHING : formatCount(rows)}</td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </section>
  );
}

function Tests({ tests, failures }: Pick<RunDetails, 'tests' | 'failures'>) {
  return (
    <section className={styles.card}>
      <h3 className={styles.title}>Tests</h3>
      <ul className={view.tests}>
        {failures.map(name => (
          <li key={name} className={view.failed}>
            <RiCloseLine aria-hidden="true" /> failed: {name}
          </li>
        ))}
        {tests && tests.failed > failures.length && (
          <li className={view.failed}>
            <RiCloseLine aria-hidden="true" /> failed:{' '}
            {formatCount(tests.failed - failures.length)} more
          </li>
        )}
        {tests && tests.warned > 0 && (
          <li className={view.warned}>warned: {formatCount(tests.warned)}</li>
        )}
        {tests && (
          <li className={view.passed}>
            <RiCheckLine aria-hidden="true" /> passed:{' '}
            {formatCount(tests.passed)}
          </li>
        )}
      </ul>
    </section>
  );
}
