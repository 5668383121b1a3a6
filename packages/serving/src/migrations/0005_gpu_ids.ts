import { Migration } from './migration';

const KPIS = ['kpi_hourly', 'kpi_latency_hourly'];
const withStage = (table: string) => [table, `stage_${table}`];

/** The KPIs know the GPU by its id, so that those by GPU need no tables of their own. */
export const gpuIds: Migration = {
  id: 5,
  name: 'gpu_ids',
  statements: [
    ...KPIS.flatMap(withStage).map(
      table =>
        `ALTER TABLE naap.${table} ADD COLUMN IF NOT EXISTS gpu_id LowCardinality(Nullable(String)) AFTER gpu`,
    ),
    ...KPIS.map(table => table.replace('kpi', 'kpi_gpu'))
      .flatMap(withStage)
      .map(table => `DROP TABLE IF EXISTS naap.${table}`),
  ],
};
