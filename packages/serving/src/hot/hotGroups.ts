import { Database } from '../database';
import { groupConditions, spansOfGroups } from '../groups';
import { KpiReader } from '../KpiReader';
import { TimeWindow } from '../window';
import { DayCells, readDayCells } from './dayCells';
import { Span } from './gather';
import { groupCells } from './groupCells';
import { Holding, HotDays, MIB } from './hotDays';
import { ServedDays, Stored } from './servedDays';

/** Of the days of the tables by hour, and of those by five minutes. */
const LIMITS: Pick<
  Holding<DayCells>,
  'maxRowsOfQuestion' | 'maxBytesOfQuestion' | 'maxBytesHeld'
> = {
  maxRowsOfQuestion: 1_600_000,
  maxBytesOfQuestion: 48 * MIB,
  maxBytesHeld: 96 * MIB,
};

const bytesOfParts = ({ rows, bytes }: Stored) => 304 * rows + bytes;
const bytesOfBuckets = ({ rows }: Stored) => 11 * rows;

/**
 * Groups of what is served at a revision, added up in memory where the days of a window can be held there. A day of
 * 830,000 events has about 200,000 buckets, 11 bytes each, and as much for the parts; by five minutes 320,000 buckets, and
 * 42,000 rows of parts, 13 MB. The texts of a day are held once, with its parts.
 */
export function hotGroups(
  cold: KpiReader,
  database: Database,
  served: ServedDays,
): (revision: number) => KpiReader['groups'] {
  const byHour = new HotDays(served, {
    tables: { kpi_hourly: bytesOfParts, kpi_latency_hourly: bytesOfBuckets },
    read: day => readDayCells(database, 'hour', day),
    ...LIMITS,
  });
  const bySlot = new HotDays(served, {
    tables: { kpi_5min: bytesOfParts, kpi_latency_5min: bytesOfBuckets },
    read: day => readDayCells(database, 'slot', day),
    ...LIMITS,
  });
  return revision => async query => {
    groupConditions(query);
    const { hours, slots } = spansOfGroups(query);
    const held = async (
      days: HotDays<DayCells>,
      window: TimeWindow,
    ): Promise<Span | null> => {
      const found = await days.in(revision, window);
      return found && { days: found, window };
    };
    const spans = await Promise.all([
      ...(hours ? [held(byHour, hours)] : []),
      ...slots.map(span => held(bySlot, span)),
    ]);
    const all = spans.filter(span => span !== null);
    return (
      (all.length === spans.length ? await groupCells(all, query) : null) ??
      cold.groups(query)
    );
  };
}
