import { Database } from './client';
import { groupCells, readDayCells } from './dayCells';
import { sqlGroups } from './groupQuery';
import { groupConditions, ReadGroups } from './groups';
import { HotDays, ServedDays } from './hotDays';

/**
 * Groups of what is served at a revision, added up in memory where the days of a window can be held there. A day of
 * 830,000 events has about 200,000 buckets, 11 bytes each, and as much for the parts.
 */
export function hotGroups(
  database: Database,
  served: ServedDays,
): (revision: number) => ReadGroups {
  const inSql = sqlGroups(database);
  const hot = new HotDays(served, {
    tables: ['kpi_hourly', 'kpi_latency_hourly'],
    read: day => readDayCells(database, day),
    maxRowsOfQuestion: 1_600_000,
    maxRowsHeld: 4_000_000,
  });
  return revision => async query => {
    groupConditions(query);
    const days = await hot.in(revision, query.window);
    return days ? groupCells(days, query) : inSql(query);
  };
}
