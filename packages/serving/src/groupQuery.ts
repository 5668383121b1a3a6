import { Database } from './client';
import {
  Group,
  groupConditions,
  LEVELS,
  Metric,
  Parts,
  PARTS,
  Percentiles,
  ReadGroups,
} from './groups';

/** Groups that ClickHouse adds up. `quantilesExactWeighted` is exactly the nearest rank. */
export function sqlGroups(database: Database): ReadGroups {
  return async query => {
    const where = groupConditions(query);
    const { keys, distinct = [] } = query;
    const selected = keys.map(name =>
      name === 'hour' ? 'toUnixTimestamp(hour)' : name,
    );
    // Payments that can't be tied to a model, say, are in the totals, but who only paid has served nobody: no row.
    const group =
      keys.length > 0
        ? `GROUP BY ${keys.join()} HAVING sum(requests) > 0 OR sum(fps_samples) > 0
ORDER BY ${keys.map(name => `${name} ASC NULLS LAST`).join()}`
        : '';
    const [sums, quantiles] = await Promise.all([
      database.rows<unknown[]>(
        `SELECT ${[
          ...selected,
          ...PARTS.map(name => `sum(${name})`),
          ...distinct.map(name => `arraySort(groupUniqArray(${name}))`),
        ].join()}
FROM naap.kpi_hourly WHERE ${where.sql} ${group}`,
        where.parameters,
      ),
      database.rows<unknown[]>(
        `SELECT ${[
          ...selected,
          'metric',
          `quantilesExactWeighted(${LEVELS.join()})(bucket, n)`,
        ].join()}
FROM naap.kpi_latency_hourly WHERE ${where.sql} GROUP BY ${[
          ...keys,
          'metric',
        ].join()}`,
        where.parameters,
      ),
    ]);
    const percentiles = new Map<string, Percentiles>();
    for (const row of quantiles) {
      const key = JSON.stringify(row.slice(0, keys.length));
      const ofKey = percentiles.get(key) ?? new Map();
      percentiles.set(
        key,
        ofKey.set(row[keys.length] as Metric, row[keys.length + 1]),
      );
    }
    return sums.map((row): Group => {
      const key = row.slice(0, keys.length) as Group['keys'];
      return {
        keys: key,
        parts: Object.fromEntries(
          PARTS.map((name, i) => [name, row[keys.length + i]]),
        ) as Parts,
        distinct: row.slice(keys.length + PARTS.length) as string[][],
        percentiles: percentiles.get(JSON.stringify(key)) ?? new Map(),
      };
    });
  };
}
