/** What became of messages: read is the sum of the four classes. */
export interface IngestCounts {
  read: number;
  accepted: number;
  ignored: number;
  rejected: number;
  duplicate: number;
  /** Ignored and rejected messages by reason. */
  reasons: Record<string, number>;
}

export function noCounts(): IngestCounts {
  return {
    read: 0,
    accepted: 0,
    ignored: 0,
    rejected: 0,
    duplicate: 0,
    reasons: {},
  };
}

/** Adds `more` to `total` in place. */
export function addCounts(total: IngestCounts, more: IngestCounts): void {
  total.read += more.read;
  total.accepted += more.accepted;
  total.ignored += more.ignored;
  total.rejected += more.rejected;
  total.duplicate += more.duplicate;
  for (const [reason, n] of Object.entries(more.reasons)) {
    total.reasons[reason] = (total.reasons[reason] ?? 0) + n;
  }
}
