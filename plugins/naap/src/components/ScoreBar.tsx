import { ScoreRow } from '@naap/plugin-naap-common';
import { formatCountOf, NOTHING } from '../lib/format';
import styles from './ScoreBar.module.css';
import tokens from './tokens.module.css';

/** One digit after the point, but whole at the ends: `87.3`, `100`. */
export function formatScore(score: number): string {
  return score.toFixed(1).replace(/^(0|100)\.0$/, '$1');
}

/** The score and its interval in one sentence, or why there is none. */
export function describeScore(score: ScoreRow | undefined): string {
  if (score?.score === null || score?.score === undefined) {
    return `SLA score: too few, ${formatCountOf(
      score?.served ?? 0,
      'served requests',
    )}`;
  }
  const interval =
    score.score_low !== null && score.score_high !== null
      ? `95 % interval ${formatScore(score.score_low)} – ${formatScore(
          score.score_high,
        )}, `
      : '';
  return `SLA score: ${formatScore(
    score.score,
  )} of 100, ${interval}n ${formatCountOf(score.served, 'served requests')}`;
}

/** What stands where a score is on its way, or could not be asked for. */
function NoAnswer({ failed }: { failed: boolean }) {
  return failed ? (
    <span className={styles.none} title="The score failed to load">
      failed to load
    </span>
  ) : null;
}

/** A score with its interval as a bar from 0 to 100; the bar says nothing that the words do not. */
export function ScoreBar(props: {
  score: ScoreRow | undefined;
  /** The answer that it is looked for in. */
  answer: { isError: boolean; data: unknown };
}) {
  const { score, answer } = props;
  if (!answer.data) {
    return <NoAnswer failed={answer.isError} />;
  }
  const title = describeScore(score);
  if (score?.score === null || score?.score === undefined) {
    return (
      <span className={styles.none} title={title}>
        <span aria-hidden="true">{NOTHING}</span>
        <span className={tokens.visuallyHidden}>{title}</span>
        <span aria-hidden="true" className={styles.interval}>
          too few
        </span>
      </span>
    );
  }
  const { score: value, score_low: low, score_high: high } = score;
  return (
    <span className={styles.root} title={title}>
      <span className={styles.figures}>
        <strong>{formatScore(value)}</strong>
        {low !== null && high !== null && (
          <span className={styles.interval}>
            {formatScore(low)} – {formatScore(high)}
          </span>
        )}
      </span>
      <ScoreScale score={score} />
    </span>
  );
}

/** The bar alone. */
export function ScoreScale({ score }: { score: ScoreRow }) {
  const { score: value, score_low: low, score_high: high } = score;
  return (
    <svg
      aria-hidden="true"
      className={styles.bar}
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
    >
      <rect className={styles.track} x="0" y="2" width="100" height="2" />
      {low !== null && high !== null && (
        <rect
          className={styles.band}
          x={low}
          y="0"
          width={Math.max(high - low, 1)}
          height="6"
        />
      )}
      {value !== null && (
        <rect
          className={styles.mark}
          x={value - 0.75}
          y="0"
          width="1.5"
          height="6"
        />
      )}
    </svg>
  );
}
