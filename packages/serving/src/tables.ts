/** Gold tables that are synced by day: each has a column `hour`, its partition is the day of it. */
export const DAY_TABLES = [
  'kpi_latency_hourly',
  'kpi_hourly',
  'kpi_latency_5min',
  'kpi_5min',
  'fct_requests',
  'scrape_latency_hourly',
  'scrape_readings_hourly',
  'scrape_hourly',
  'supply_hourly',
  'supply_hours',
  'fct_swaps',
  'ingest_hourly',
] as const;
export type DayTable = (typeof DAY_TABLES)[number];

/** Dimension tables, which are synced whole. */
export const DIMENSION_TABLES = [
  'dim_orchestrators',
  'dim_models',
  'dim_gpus',
  'dim_deploys',
  'dim_contested_urls',
] as const;
export type DimensionTable = (typeof DIMENSION_TABLES)[number];

export type GoldTable = DayTable | DimensionTable;
