import { mapInSlices, Slices } from '@naap/system';
import { allOf } from './conditions';
import { Database } from './database';
import { selectedDimension } from './dimensions';
import {
  Group,
  groupConditions,
  keyOrder,
  kpiRows,
  LEVELS,
  Metric,
  MOST_DISTINCT,
  Parts,
  PARTS,
  Percentiles,
} from './groups';
import { KpiReader } from './KpiReader';
import { afterKey, orderBy, upToKey } from './order';
import { readPage } from './page';

/** Groups that ClickHouse adds up. `quantilesExactWeighted` is exactly the nearest rank. */
export function sqlGroups(database: Database): KpiReader['groups'] {
  return async query => {
    const { keys, distinct = [], page } = query;
    const filters = groupConditions(query);
    const ofParts = kpiRows('kpi', query);
    const ofBuckets = kpiRows('kpi_latency', query);
    const order = keyOrder(keys);
    const selected = keys.map(selectedDimension);
    const group = keys.length > 0 ? `GROUP BY ${keys}` : '';
    // First which groups: of very many all parts would be added up for nothing.
    const { rows: asked, more } =
      keys.length > 0
        ? await readPage<Group['keys']>(database, {
            select: selected,
            from: ofParts.from,
            where: allOf(ofParts.where, filters),
            group,
            order,
            page,
          })
        : { rows: [[]], more: false };
    const last = asked.at(-1);
    if (!last) return { rows: [], more };
    const ofPage = allOf(
      filters,
      page.after && afterKey(order, page.after),
      keys.length > 0 ? upToKey(order, last) : null,
    );
    const keysOf = (row: unknown[]) =>
      row.slice(0, keys.length) as Group['keys'];
    const [sums, quantiles] = await Promise.all([
      database.rows<unknown[]>(
        `SELECT ${[
          ...selected,
          ...PARTS.map(name => `sum(${name})`),
          ...distinct.map(
            name =>
              `arraySlice(arraySort(groupUniqArray(${name})), 1, ${MOST_DISTINCT})`,
          ),
        ]}
FROM ${ofParts.from} WHERE ${ofParts.where.sql} AND ${
          ofPage.sql
        } ${group} ${orderBy(order)}`,
        { ...ofParts.where.parameters, ...ofPage.parameters },
      ),
      database.rows<unknown[]>(
        `SELECT ${[
          ...selected,
          'metric',
          `quantilesExactWeighted(${LEVELS})(bucket, n)`,
        ]}
FROM ${ofBuckets.from} WHERE ${ofBuckets.where.sql} AND ${
          ofPage.sql
        } GROUP BY ${[...keys, 'metric']}`,
        { ...ofBuckets.where.parameters, ...ofPage.parameters },
      ),
    ]);
    const percentiles = new Map<string, Percentiles>();
    const slices = new Slices();
    for (const row of quantiles) {
      if (slices.over()) await slices.rest();
      const key = JSON.stringify(keysOf(row));
      const ofKey = percentiles.get(key) ?? new Map();
      percentiles.set(
        key,
        ofKey.set(row[keys.length] as Metric, row[keys.length + 1]),
      );
    }
    const rows = await mapInSlices(sums, (row): Group => {
      const key = keysOf(row);
      return {
        keys: key,
        parts: Object.fromEntries(
          PARTS.map((name, i) => [name, row[keys.length + i]]),
        ) as Parts,
        distinct: row.slice(keys.length + PARTS.length) as string[][],
        percentiles: percentiles.get(JSON.stringify(key)) ?? new Map(),
      };
    });
    return { rows, more };
  };
}
