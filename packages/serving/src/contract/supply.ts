import type { Page, PageQuery, Window } from './pages';
import type { AnswerMeta } from './served';

/** What capability reports can be grouped by. */
export const SUPPLY_DIMENSIONS = [
  'orchestrator',
  'model',
  'pipeline',
  'gpu',
  'hour',
  'day',
] as const;
export type SupplyDimension = (typeof SUPPLY_DIMENSIONS)[number];

/**
 * What the orchestrators offered, by their newest capability report of each hour. Capacities are means over the hours
 * that have a report of anybody: one in which a group is not listed counts 0 for it. Null: no such hour.
 */
export interface SupplyRow
  extends Partial<Record<SupplyDimension, string | null>> {
  /** Hours that have a report of anybody. */
  hours: number;
  orchestrators: number;
  /** Distinct GPU ids, once per orchestrator. */
  gpus: number;
  /** Containers, busy or idle. */
  capacity: number | null;
  capacity_in_use: number | null;
  /** Containers that have the model loaded. */
  warm: number | null;
}

export interface SupplyQuery extends Window, PageQuery {
  by?: SupplyDimension[];
  filters?: Partial<
    Record<Exclude<SupplyDimension, 'hour' | 'day'>, Array<string | null>>
  >;
}

export interface SupplyAnswer extends Page {
  meta: AnswerMeta;
  rows: SupplyRow[];
}
