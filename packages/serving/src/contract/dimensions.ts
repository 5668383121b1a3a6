/** Dimensions that a KPI answer can be grouped by; a slot is five minutes. */
export const KPI_DIMENSIONS = [
  'orchestrator',
  'model',
  'gateway',
  'region',
  'gpu',
  'pipeline',
  'slot',
  'hour',
  'day',
] as const;
export type KpiDimension = (typeof KPI_DIMENSIONS)[number];

/** Dimensions that can be filtered on: all but time, which the window limits. */
export const KPI_FILTERS = [
  'orchestrator',
  'model',
  'gateway',
  'region',
  'gpu',
  'pipeline',
] as const;
export type KpiFilter = (typeof KPI_FILTERS)[number];

/** Exact matches, any of the values; `null` in a list matches rows without a value. */
export type KpiFilters = Partial<Record<KpiFilter, Array<string | null>>>;
