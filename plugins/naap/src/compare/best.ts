/** What is known of one of those that are compared. */
export interface Candidate {
  /** 95 % interval; null: none, or no value at all. */
  interval: { low: number; high: number } | null;
  /** Whether there is enough evidence to be graded. */
  enough: boolean;
}

/**
 * The one that is best beyond doubt: it has enough evidence, and its whole interval lies on the better side of that of
 * every other. Those without an interval are no rivals. Null where the intervals overlap, or where there is no rival.
 */
export function bestOf(
  candidates: readonly Candidate[],
  direction: 'higher' | 'lower',
): number | null {
  const index = candidates.findIndex(({ interval, enough }, own) => {
    const rivals = candidates.flatMap((other, at) =>
      at !== own && other.interval ? [other.interval] : [],
    );
    return (
      enough &&
      interval !== null &&
      rivals.length > 0 &&
      rivals.every(rival =>
        direction === 'higher'
          ? interval.low > rival.high
          : interval.high < rival.low,
      )
    );
  });
  return index < 0 ? null : index;
}
