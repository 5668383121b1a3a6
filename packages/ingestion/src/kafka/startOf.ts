/** Where a partition that the log does not know is begun: unix ms, or one of its ends. */
export type StartAt = 'earliest' | 'latest' | number;

/** What a partition holds: from `low` to before `high`. */
export interface Held {
  low: bigint;
  high: bigint;
}

/** Why a partition is not read on from where the log is with it. */
export type Break = 'made again' | 'gone';

export interface Start {
  offset: bigint;
  break?: Break;
}

/**
 * From where a partition is read on. What the log says stands above all else, as only it knows what is durable; a
 * partition that ends before that is another one of the same name, and one that begins after it has lost records.
 *
 * @param kept - how far the log is with it, if it knows it
 * @param begin - where it begins otherwise
 */
export function startOf(
  kept: bigint | undefined,
  { low, high }: Held,
  begin: bigint,
): Start {
  if (kept === undefined) return { offset: begin };
  if (kept > high) return { offset: low, break: 'made again' };
  if (kept < low) return { offset: low, break: 'gone' };
  return { offset: kept };
}

/** What a break means and what was done about it. */
export function breakText(
  partition: string,
  kept: bigint,
  { low, high }: Held,
  why: Break,
): string {
  return why === 'made again'
    ? `${partition} ends at offset ${high}, but the event log is at ${kept} with it: the topic was deleted and made again. It is read from its beginning (${low}); what came before is kept.`
    : `${partition} begins at offset ${low}, but the event log is at ${kept} with it: the broker removed ${
        low - kept
      } offsets before they were read. It is read on from ${low}; give the topic a longer retention (retention.ms), or keep this process running.`;
}
