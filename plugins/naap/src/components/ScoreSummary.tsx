import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { ScoreRow } from '@naap/plugin-naap-common';
import { formatCount, formatValue, NOTHING } from '../lib/format';
import { definitionsRouteRef } from '../routes';
import { describeScore, formatScore, ScoreScale } from './ScoreBar';
import styles from './ScoreSummary.module.css';

interface Part {
  name: string;
  value: number | null;
  /** Said instead of a value. */
  absence: string;
  hint: string;
}

const NO_ATTAINMENT = 'no target, or too little to grade';

function partsOf(score: ScoreRow): Part[] {
  const attainment = (name: string, value: number | null, hint: string) => ({
    name,
    value,
    absence: NO_ATTAINMENT,
    hint: `${hint}: 100 % at the target or better`,
  });
  const { fps, startup, e2e, jitter } = score.attainments;
  return [
    {
      name: 'Reliability',
      value: score.reliability,
      absence: 'no served request',
      hint: '70 % of the score: 80 % from the failed share (full up to 1 %, nothing from 10 % on), 20 % from the swapped share (full up to 5 %, nothing from 25 % on)',
    },
    {
      name: 'Quality',
      value: score.quality,
      absence: 'no attainment',
      hint: '30 % of the score: mean of the attainments at hand',
    },
    attainment('Output FPS', fps, 'Without degraded input'),
    attainment('Startup', startup, 'Mean startup time'),
    attainment('E2E', e2e, 'Mean E2E stream latency'),
    attainment('Jitter', jitter, 'Mean jitter coefficient'),
  ];
}

/** The SLA score with its interval, what it is made of, and what it rests on. */
export function ScoreSummary({ score }: { score: ScoreRow | undefined }) {
  const definitions = useRouteRef(definitionsRouteRef)?.();
  return (
    <article className={styles.root} aria-label={describeScore(score)}>
      <div className={styles.body}>
        <div className={styles.lead}>
          <div className={styles.head}>
            <h3 className={styles.name}>SLA score</h3>
            {definitions && (
              <Link href={`${definitions}#score`} className={styles.link}>
                Definition
              </Link>
            )}
          </div>
          <ScoreFigure score={score} />
          <p className={styles.evidence}>
            n {formatCount(score?.served ?? 0)} served
            {score && (
              <>
                {'  ·  '}
                <span title="Served requests with at least one status and a first and few processed segments, or a first data segment. Beside the score, never in it.">
                  telemetry complete in{' '}
                  {formatValue(score.completeness, 'fraction')}
                </span>
              </>
            )}
          </p>
        </div>
        {score && (
          <dl className={styles.parts}>
            {partsOf(score).map(part => (
              <PartRow key={part.name} part={part} />
            ))}
          </dl>
        )}
      </div>
    </article>
  );
}

function ScoreFigure({ score }: { score: ScoreRow | undefined }) {
  if (score?.score === null || score?.score === undefined) {
    return (
      <div className={styles.figure}>
        <span className={styles.number}>{NOTHING}</span>
        <span className={styles.muted}>
          too few: graded from 10 served requests and one part of quality on
        </span>
      </div>
    );
  }
  const { score_low: low, score_high: high } = score;
  return (
    <>
      <div className={styles.figure}>
        <span className={styles.number}>{formatScore(score.score)}</span>
        <span className={styles.muted}>
          of 100
          {low !== null && high !== null && (
            <span title="At the worse and the better end of the 95 % intervals of its two rates">
              {'  ·  '}
              {formatScore(low)} – {formatScore(high)}
            </span>
          )}
        </span>
      </div>
      <ScoreScale score={score} />
    </>
  );
}

function PartRow({ part }: { part: Part }) {
  const { name, value, absence, hint } = part;
  return (
    <div className={styles.part} title={hint}>
      <dt>{name}</dt>
      <dd>
        {value === null ? (
          <span className={styles.muted}>
            {NOTHING} {absence}
          </span>
        ) : (
          <>
            <svg
              aria-hidden="true"
              className={styles.meter}
              viewBox="0 0 100 4"
              preserveAspectRatio="none"
            >
              <rect className={styles.track} width="100" height="4" />
              <rect className={styles.fill} width={value * 100} height="4" />
            </svg>
            <span className={styles.value}>
              {formatValue(value, 'fraction')}
            </span>
          </>
        )}
      </dd>
    </div>
  );
}
