import { Database } from './client';
import { conditions } from './conditions';
import { DimensionAnswer, KPI_FILTERS, KpiFilter } from './contract';
import { HourWindow } from './window';

/** Distinct values of each filter dimension with their requests, most requests first, then by value, null last. */
export async function queryDimensions(
  database: Database,
  window: HourWindow,
): Promise<DimensionAnswer['values']> {
  const where = conditions(window);
  const pairs = KPI_FILTERS.map(
    name => `('${name}', CAST(${name}, 'Nullable(String)'))`,
  );
  const rows = await database.rows<[KpiFilter, string | null, number]>(
    `SELECT pair.1, pair.2, sum(requests) FROM naap.kpi_hourly
ARRAY JOIN [${pairs.join()}] AS pair
WHERE ${where.sql} GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2 ASC NULLS LAST`,
    where.parameters,
  );
  const values = Object.fromEntries(
    KPI_FILTERS.map(name => [name, []]),
  ) as unknown as DimensionAnswer['values'];
  for (const [name, value, requests] of rows) {
    values[name].push({ value, requests });
  }
  return values;
}
