import { allOf } from './conditions';
import { Database } from './database';
import { DimensionValue, KPI_FILTERS, KpiFilter } from './contract';
import { Key } from './cursor';
import { kpiRows } from './groups';
import { Ordered } from './order';
import { PageAsk, Part, readPage } from './page';
import { TimeWindow } from './window';

/** Busiest first, then by value, null last. */
export const VALUE_ORDER: Ordered[] = [
  { column: 'asked', kind: 'number', direction: 'DESC' },
  { column: 'value', kind: 'text', direction: 'ASC' },
];

export const valueKey = ({ value, requests }: DimensionValue): Key => [
  requests,
  value,
];

/** The busiest values of each filter, and how many values each has. */
export async function queryBusiest(
  database: Database,
  window: TimeWindow,
  limit: number,
): Promise<Array<{ dimension: KpiFilter; total: number } & DimensionValue>> {
  const { from, where } = kpiRows('kpi', { window, keys: [] });
  const rows = await database.rows<[KpiFilter, string | null, number, number]>(
    KPI_FILTERS.map(
      name => `SELECT * FROM (
  SELECT '${name}', CAST(${name}, 'Nullable(String)') AS value, sum(requests) AS asked, count() OVER () FROM ${from}
  WHERE ${where.sql} GROUP BY ${name} ORDER BY asked DESC, value ASC NULLS LAST LIMIT {limit:UInt64}
)`,
    ).join('\nUNION ALL\n'),
    { ...where.parameters, limit },
  );
  return rows.map(([dimension, value, requests, total]) => ({
    dimension,
    value,
    requests,
    total,
  }));
}

/** Values of a filter, those with a text in them, and how many there are on all pages. */
export async function queryValues(
  database: Database,
  window: TimeWindow,
  { dimension, search }: { dimension: KpiFilter; search?: string },
  page: PageAsk,
): Promise<Part<DimensionValue> & { total: number }> {
  const of = kpiRows('kpi', { window, keys: [] });
  const where = allOf(
    of.where,
    search === undefined
      ? null
      : {
          sql: `positionCaseInsensitiveUTF8(ifNull(${dimension}, ''), {search:String}) > 0`,
          parameters: { search },
        },
  );
  const from = `(SELECT CAST(${dimension}, 'Nullable(String)') AS value, sum(requests) AS asked
  FROM ${of.from} WHERE ${where.sql} GROUP BY 1)`;
  const [[[total]], { rows, more }] = await Promise.all([
    database.rows<[number]>(`SELECT count() FROM ${from}`, where.parameters),
    readPage<[string | null, number]>(database, {
      select: ['value', 'asked'],
      from,
      where: { sql: '1', parameters: where.parameters },
      order: VALUE_ORDER,
      page,
    }),
  ]);
  return {
    rows: rows.map(([value, requests]) => ({ value, requests })),
    more,
    total,
  };
}

/** Whether a filter has a value in any hour. */
export async function hasValue(
  database: Database,
  dimension: KpiFilter,
  value: string,
): Promise<boolean> {
  const [[found]] = await database.rows<[number]>(
    `SELECT count() FROM (SELECT 1 FROM naap.kpi_hourly WHERE ${dimension} = {value:String} LIMIT 1)`,
    { value },
  );
  return found > 0;
}
