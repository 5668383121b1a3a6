import type { KpiFilter } from './dimensions';
import type { Page, PageQuery, Window } from './pages';
import type { AnswerMeta } from './served';

export interface DimensionValue {
  value: string | null;
  requests: number;
}

/** Without a dimension the busiest values of all filters, at most `limit` (100 without) of each. */
export interface DimensionQuery<Asked extends KpiFilter = KpiFilter>
  extends Window,
    PageQuery {
  /** Only the values of this filter, in pages. */
  dimension?: Asked;
  /** Only values with this text in them, in any case; with a dimension. */
  search?: string;
}

/** Distinct values of the filters within a window, busiest first, for filter controls. */
export interface DimensionAnswer<Asked extends KpiFilter = KpiFilter>
  extends Page {
  meta: AnswerMeta;
  values: Record<Asked, DimensionValue[]>;
  /** How many values there are, with the text that was searched for. */
  totals: Record<Asked, number>;
}
