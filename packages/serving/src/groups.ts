import { Conditions, conditions, OWN_COLUMNS } from './conditions';
import { KpiDimension, KpiFilters } from './contract';
import { InvalidQueryError } from './errors';
import { Ordered } from './order';
import { PageAsk } from './page';
import { HourWindow } from './window';

/** Additive columns of the hourly tables, in the order in which they are asked for. */
export const PARTS = [
  'requests',
  'failed',
  'unserved',
  'abandoned',
  'unknown',
  'running',
  'served',
  'swapped',
  'swapped_served',
  'failed_swaps',
  'error_events',
  'restarts',
  'overlay',
  'complete',
  'startup_missing',
  'fps_samples',
  'fps_sum',
  'fps_fed_samples',
  'fps_fed_sum',
  'jitter_n',
  'jitter_sum',
  'ptff_n',
  'ptff_sum',
  'e2e_n',
  'e2e_sum',
  'startup_n',
  'startup_sum',
  'cold_startup_n',
  'cold_startup_sum',
  'cue_samples',
  'cue_achieved',
  'cue_peak',
  'inference_ms',
  'fees_eth',
  'payments',
  'unread_payments',
] as const;
export type Parts = Record<(typeof PARTS)[number], number>;

/** What has a percentile; the column `metric` of the tables of buckets. */
export const METRICS = [
  'ptff_ms',
  'e2e_ms',
  'startup_ms',
  'cold_startup_ms',
  'jitter',
  'output_fps',
  'output_fps_fed',
] as const;
export type Metric = (typeof METRICS)[number];

export const LEVELS = [0.5, 0.95, 0.99] as const;

/** Buckets of p50, p95 and p99. */
export type Percentiles = Map<Metric, [p50: number, p95: number, p99: number]>;

export type GroupKey = KpiDimension | 'gpu_id';

/** What to add up: the rows of a window that match all filters, by the values of the keys. */
export interface GroupQuery {
  window: HourWindow;
  filters?: KpiFilters;
  /** Exact ids. */
  gpuId?: string[];
  keys: GroupKey[];
  /** Dimensions of which the first hundred values are listed for each group. */
  distinct?: Array<'model' | 'region'>;
  page: PageAsk;
}

/** Values of a dimension that are listed for a group. */
export const MOST_DISTINCT = 100;

/** One group: the values of its keys (an hour in unix seconds), its distinct values in order, and its sums. */
export interface Group {
  keys: Array<string | number | null>;
  distinct: string[][];
  parts: Parts;
  percentiles: Percentiles;
}

/** Groups are in the order of their keys. */
export function keyOrder(keys: readonly string[]): Ordered[] {
  return keys.map(column => ({
    column,
    kind: column === 'hour' || column === 'day' ? column : 'text',
    direction: 'ASC',
  }));
}

/**
 * The rows of a query.
 * @throws InvalidQueryError for a filter that is unknown or lists no value
 */
export function groupConditions(
  query: Pick<GroupQuery, 'window' | 'filters' | 'gpuId'>,
): Conditions {
  const where = conditions(query.window, query.filters, OWN_COLUMNS);
  const { gpuId } = query;
  if (!gpuId) return where;
  if (gpuId.length === 0) {
    throw new InvalidQueryError('gpuId lists no value; leave it out');
  }
  return {
    sql: `${where.sql} AND gpu_id IN {gpuId:Array(String)}`,
    parameters: { ...where.parameters, gpuId },
  };
}
