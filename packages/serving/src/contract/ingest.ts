import type { Page, PageQuery, Window } from './pages';
import type { AnswerMeta } from './served';

/** Messages that came in within one UTC hour, as far as they are served: `read` is the sum of the four classes. */
export interface IngestStatsRow {
  hour: string;
  read: number;
  accepted: number;
  ignored: number;
  rejected: number;
  duplicate: number;
  /** Of those ignored and rejected. */
  reasons: Record<string, number>;
}

export type IngestStatsQuery = Window & PageQuery;

/** Oldest first; hours without a message have no row. */
export interface IngestStatsAnswer extends Page {
  meta: AnswerMeta;
  rows: IngestStatsRow[];
}
