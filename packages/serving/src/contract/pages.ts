/**
 * Half-open window, ISO 8601: `from` is floored and `to` is ceiled, to five minutes where `from` lies within the two days
 * before the watermark, else to the hour (UTC). Absent bounds mean "all that is served".
 */
export interface Window {
  from?: string;
  to?: string;
}

/**
 * Which part of a list is asked for. Answers hold at most `limit` rows (10,000 without) and 8 MiB; the order is total
 * and the same in all pages, so within one build no row is left out and none comes twice.
 */
export interface PageQuery {
  limit?: number;
  /** `next` of the answer before; opaque. All else of the query must be the same. */
  cursor?: string;
}

/** A part of a list. */
export interface Page {
  /** Cursor of what follows; null: that is all. */
  next: string | null;
}
