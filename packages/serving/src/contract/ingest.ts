import type { Page, PageQuery, Window } from './pages';
import type { AnswerMeta } from './served';

/** Messages that came in, as far as they are served: `read` is the sum of the four classes. */
export interface IngestTotals {
  read: number;
  accepted: number;
  ignored: number;
  rejected: number;
  duplicate: number;
  /** Of those ignored and rejected. */
  reasons: Record<string, number>;
}

/** Within one UTC hour. */
export interface IngestStatsRow extends IngestTotals {
  hour: string;
}

export type IngestStatsQuery = Window & PageQuery;

/** Oldest first; hours without a message have no row. */
export interface IngestStatsAnswer extends Page {
  meta: AnswerMeta;
  /** Of the whole window, whatever page this is. */
  total: IngestTotals;
  rows: IngestStatsRow[];
}
