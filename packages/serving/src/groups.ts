import { allOf, Conditions, filterConditions, inWindow } from './conditions';
import { KPI_FILTERS, KpiDimension, KpiFilters } from './contract';
import { InvalidQueryError } from './errors';
import { PageAsk } from './page';
import { Ordered } from './order';
import { spansOf, TimeWindow } from './window';

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
  window: TimeWindow;
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

/** One group: the values of its keys (a slot or an hour in unix seconds), its distinct values in order, and its sums. */
export interface Group {
  keys: Array<string | number | null>;
  distinct: string[][];
  parts: Parts;
  percentiles: Percentiles;
}

const KINDS: Partial<Record<string, Ordered['kind']>> = {
  slot: 'hour',
  hour: 'hour',
  day: 'day',
};

/** Groups are in the order of their keys. */
export function keyOrder(keys: readonly string[]): Ordered[] {
  return keys.map(column => ({
    column,
    kind: KINDS[column] ?? 'text',
    direction: 'ASC',
  }));
}

/**
 * The conditions of a query but for its window.
 * @throws InvalidQueryError for a filter that is unknown or lists no value
 */
export function groupConditions(
  query: Pick<GroupQuery, 'filters' | 'gpuId'>,
): Conditions {
  const { gpuId } = query;
  if (gpuId?.length === 0) {
    throw new InvalidQueryError('gpuId lists no value; leave it out');
  }
  return allOf(
    filterConditions(query.filters),
    gpuId && {
      sql: 'gpu_id IN {gpuId:Array(String)}',
      parameters: { gpuId },
    },
  );
}

/** What a window is read of: its whole hours, and by five minutes what sticks out of them, or all of it. */
export function spansOfGroups({
  window,
  keys,
}: Pick<GroupQuery, 'window' | 'keys'>): ReturnType<typeof spansOf> {
  return keys.includes('slot')
    ? { hours: null, slots: [window] }
    : spansOf(window);
}

const TIMES = ['hour', 'day'];
const COLUMNS = {
  kpi: [...TIMES, ...KPI_FILTERS, 'gpu_id', ...PARTS],
  kpi_latency: [...TIMES, ...KPI_FILTERS, 'gpu_id', 'metric', 'bucket', 'n'],
};

/** Rows of the additive tables: what stands after FROM, and what must hold of it. */
export interface KpiRows {
  from: string;
  where: Conditions;
}

/** The rows of a window. */
export function kpiRows(
  table: keyof typeof COLUMNS,
  query: Pick<GroupQuery, 'window' | 'keys'>,
): KpiRows {
  const { hours, slots } = spansOfGroups(query);
  const parts: KpiRows[] = [
    ...(hours
      ? [{ from: `naap.${table}_hourly`, where: inWindow(hours) }]
      : []),
    ...slots.map((span, i) => ({
      from: `naap.${table}_5min`,
      where: inWindow(span, 'slot', `span${i}_`),
    })),
  ];
  if (parts.length === 1) return parts[0];
  if (parts.length === 0) {
    return {
      from: `naap.${table}_hourly`,
      where: { sql: '0', parameters: {} },
    };
  }
  return {
    from: `(${parts
      .map(
        ({ from, where }) =>
          `SELECT ${COLUMNS[table]} FROM ${from} WHERE ${where.sql}`,
      )
      .join(' UNION ALL ')})`,
    where: {
      sql: '1',
      parameters: Object.assign(
        {},
        ...parts.map(part => part.where.parameters),
      ),
    },
  };
}
