import { Skeleton } from '@backstage/ui';
import { KpiFilters, OrchestratorInfo, Window } from '@naap/plugin-naap-common';
import { memo, ReactNode, useMemo } from 'react';
import { Link } from 'react-router-dom';
import { useOperators, useScores } from '../api/queries';
import { describeScore, formatScore } from '../components/ScoreBar';
import tokens from '../components/tokens.module.css';
import { formatCount, formatCountOf, shortAddress } from '../lib/format';
import { useEntityLinks } from '../lib/useEntityLinks';
import page from './ExplorerPage.module.css';
import { Mover, movers } from './movers';
import styles from './Movers.module.css';
import { dataText, spanText } from './periodBefore';
import { usePeriodBefore } from './useBefore';

/** Whose score changed the most against the period before; nothing where that has no data. */
export const Movers = memo(
  (props: { window: Required<Window>; filters: KpiFilters }) => {
    const { window, filters } = props;
    const { period, served, pending } = usePeriodBefore(window);
    const now = useScores(
      { ...window, filters, by: 'orchestrator' },
      { strict: true },
    );
    const before = useScores(
      { ...period, filters, by: 'orchestrator' },
      { strict: true, enabled: served },
    );
    const nowRows = now.data?.rows;
    const beforeRows = before.data?.rows;
    const moved = useMemo(
      () => nowRows && beforeRows && movers(nowRows, beforeRows),
      [nowRows, beforeRows],
    );
    if (!served && !pending) {
      return null;
    }
    if (now.isError || before.isError) {
      return (
        <Section>
          <p className={styles.none}>
            They could not be loaded; all else on this page does without them.
          </p>
        </Section>
      );
    }
    if (!moved || !before.data) {
      return (
        <Section>
          <div role="status" aria-label="Loading the largest changes">
            <Skeleton
              className={`${tokens.skeleton} ${styles.lists}`}
              width="100%"
              height="auto"
            />
          </div>
        </Section>
      );
    }
    const { meta } = before.data;
    const answered = {
      from: meta.window.from ?? period.from,
      to: meta.window.to ?? period.to,
    };
    const today = new Date();
    const against = [spanText(answered, today), dataText(answered, meta, today)]
      .filter(Boolean)
      .join(', ');
    return (
      <Section subtitle={`SLA score, against ${against}`}>
        {moved.compared === 0 ? (
          <p className={styles.none}>
            No orchestrator has enough served requests in both periods to be
            scored.
          </p>
        ) : (
          <div className={styles.lists}>
            <MoverList name="Up most" list={moved.risen} />
            <MoverList name="Down most" list={moved.fallen} />
          </div>
        )}
      </Section>
    );
  },
);

function Section(props: { subtitle?: string; children: ReactNode }) {
  return (
    <section className={page.section}>
      <h2 className={page.title}>
        Largest changes
        {props.subtitle && (
          <span className={page.subtitle}>{props.subtitle}</span>
        )}
      </h2>
      {props.children}
    </section>
  );
}

function MoverList(props: { name: string; list: readonly Mover[] }) {
  const { name, list } = props;
  const operators = useOperators();
  const links = useEntityLinks();
  return (
    <div className={styles.list}>
      <h3 className={styles.name}>{name}</h3>
      {list.length === 0 ? (
        <span className={styles.muted}>none</span>
      ) : (
        <ol className={styles.rows} aria-label={name}>
          {list.map(mover => (
            <MoverRow
              key={mover.orchestrator}
              mover={mover}
              operator={operators.get(mover.orchestrator)?.name ?? null}
              href={links.orchestrator(mover.orchestrator)}
            />
          ))}
        </ol>
      )}
    </div>
  );
}

function MoverRow(props: {
  mover: Mover;
  operator: OrchestratorInfo['name'];
  href: string | undefined;
}) {
  const { mover, operator, href } = props;
  const { orchestrator, now, before, change, clear } = mover;
  const short = shortAddress(orchestrator);
  return (
    <li className={styles.row}>
      <span className={styles.identity} title={operator ?? undefined}>
        {href ? (
          <Link to={href} title={orchestrator}>
            {short}
          </Link>
        ) : (
          <span title={orchestrator}>{short}</span>
        )}
        {operator !== null && (
          <span className={styles.muted}>
            {' '}
            <bdi>{operator}</bdi>
          </span>
        )}
      </span>
      <span
        className={styles.figures}
        title={`Now ${describeScore(now)}\nBefore ${describeScore(before)}`}
      >
        <strong className={clear ? undefined : styles.muted}>
          {change > 0 ? '+' : '−'}
          {Math.abs(change).toFixed(1)}
        </strong>{' '}
        {formatScore(before.score)} → {formatScore(now.score)}
      </span>
      <span
        className={styles.evidence}
        title={`${formatCountOf(
          before.served,
          'served requests',
        )} before, ${formatCount(now.served)} now`}
      >
        n {formatCount(before.served)} → {formatCount(now.served)}
        {!clear && (
          <span title="The 95 % intervals of the two scores overlap">
            {' '}
            · unclear
          </span>
        )}
      </span>
    </li>
  );
}
