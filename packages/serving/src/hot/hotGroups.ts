import { Database } from '../database';
import { groupConditions } from '../groups';
import { KpiReader } from '../KpiReader';
import { readDayCells } from './dayCells';
import { groupCells } from './groupCells';
import { HotDays, MIB } from './hotDays';
import { ServedDays } from './servedDays';

/**
 * Groups of what is served at a revision, added up in memory where the days of a window can be held there. A day of
 * 830,000 events has about 200,000 buckets, 11 bytes each, and as much for the parts. The texts of a day are held once,
 * with its parts.
 */
export function hotGroups(
  cold: KpiReader,
  database: Database,
  served: ServedDays,
): (revision: number) => KpiReader['groups'] {
  const hot = new HotDays(served, {
    tables: {
      kpi_hourly: ({ rows, bytes }) => 304 * rows + bytes,
      kpi_latency_hourly: ({ rows }) => 11 * rows,
    },
    read: day => readDayCells(database, day),
    maxRowsOfQuestion: 1_600_000,
    maxBytesOfQuestion: 48 * MIB,
    maxBytesHeld: 96 * MIB,
  });
  return revision => async query => {
    groupConditions(query);
    const days = await hot.in(revision, query.window);
    return (days && (await groupCells(days, query))) ?? cold.groups(query);
  };
}
