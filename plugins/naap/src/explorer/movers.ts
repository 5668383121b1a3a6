import { ScoreRow } from '@naap/plugin-naap-common';

/** So many of each end are shown. */
const MOST = 3;

/** An orchestrator that was scored in a window and in the period before it. */
export interface Mover {
  orchestrator: string;
  now: ScoreRow & { score: number };
  before: ScoreRow & { score: number };
  /** Points of the score, as many digits as are shown of that. */
  change: number;
  /** The 95 % intervals of the two lie apart. */
  clear: boolean;
}

/**
 * Whose score rose and whose fell the most, those first whose intervals lie apart: a jump of few requests is not yet a
 * change. Who has no score in one of the periods, as under its minimum (docs/kpis.md §4), is left out.
 */
export function movers(
  now: readonly ScoreRow[],
  before: readonly ScoreRow[],
): { risen: Mover[]; fallen: Mover[]; compared: number } {
  const past = new Map(before.map(score => [score.key, score]));
  const both = now.flatMap(score => {
    const then = past.get(score.key);
    return then && isScored(score) && isScored(then)
      ? [moverOf(score, then)]
      : [];
  });
  const most = (sign: 1 | -1) =>
    both
      .filter(({ change }) => change * sign > 0)
      .sort(
        (a, b) =>
          Number(b.clear) - Number(a.clear) ||
          sign * (b.change - a.change) ||
          (a.orchestrator < b.orchestrator ? -1 : 1),
      )
      .slice(0, MOST);
  return { risen: most(1), fallen: most(-1), compared: both.length };
}

function isScored(score: ScoreRow): score is ScoreRow & { score: number } {
  return score.score !== null;
}

function moverOf(now: Mover['now'], before: Mover['before']): Mover {
  return {
    orchestrator: now.key,
    now,
    before,
    // Of what is shown, so that the three figures agree.
    change: (tenths(now.score) - tenths(before.score)) / 10,
    clear: isOver(now, before) || isOver(before, now),
  };
}

function tenths(score: number): number {
  return Math.round(Number(score.toFixed(1)) * 10);
}

function isOver(above: ScoreRow, below: ScoreRow): boolean {
  return (
    above.score_low !== null &&
    below.score_high !== null &&
    above.score_low > below.score_high
  );
}
