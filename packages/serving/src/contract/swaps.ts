import type { KpiFilters } from './dimensions';
import type { Page, PageQuery, Window } from './pages';
import type { AnswerMeta } from './served';

/** How often requests went from one orchestrator to another (null: not known, or none followed). */
export interface SwapRow {
  from: string | null;
  to: string | null;
  /** Swap events. */
  swaps: number;
  /** Of them the last ones of requests that failed for `swap_failed`. */
  failed: number;
}

export interface SwapQuery extends Window, PageQuery {
  filters?: KpiFilters;
}

export interface SwapAnswer extends Page {
  meta: AnswerMeta;
  rows: SwapRow[];
}
