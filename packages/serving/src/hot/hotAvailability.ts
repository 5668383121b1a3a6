import { Slices } from '@naap/system';
import {
  AVAILABILITY_COLUMNS,
  availabilityRow,
  SCRAPE_PARTS,
} from '../availabilityQuery';
import { rowConditions } from '../conditions';
import { AVAILABILITY_DIMENSIONS } from '../contract';
import { Database } from '../database';
import { checkDimensions } from '../dimensions';
import { keyOrder } from '../groups';
import { KpiReader } from '../KpiReader';
import { partOf } from '../page';
import { Selection } from '../selection';
import { hotRows, matchingRows } from './dayRows';
import {
  FoundGroups,
  Latencies,
  Reading,
  Scrapes,
  Target,
} from './foundGroups';
import { ServedDays } from './servedDays';

const TARGET: Selection<Target> = {
  hour: { ms: 'toUnixTimestamp(hour) * 1000' },
  day: 'toString(day)',
  orchestrator: 'orchestrator',
  url: 'url',
  kind: 'kind',
};

const asThemselves = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map(name => [name, name])) as Record<Name, Name>;

const LIMITS = {
  repeating: ['hour', 'day', 'orchestrator', 'url', 'kind'] as Array<
    keyof Target
  >,
  bytesOfRow: 200,
  maxRowsOfQuestion: 100_000,
};

/** What was found as it is served at a revision, added up in memory where the days of a window can be held there. */
export function hotAvailability(
  cold: KpiReader,
  database: Database,
  served: ServedDays,
): (revision: number) => KpiReader['availability'] {
  const scrapes = hotRows<Scrapes>(database, served, {
    table: 'scrape_hourly',
    selection: {
      ...TARGET,
      ...asThemselves(SCRAPE_PARTS),
      ...asThemselves(['capacity_n', 'in_use_n', 'available_n']),
      ...asThemselves(['capacity_sum', 'in_use_sum', 'available_sum']),
    } as Selection<Scrapes>,
    order: 'ORDER BY hour',
    ...LIMITS,
  });
  const latencies = hotRows<Latencies>(database, served, {
    table: 'scrape_latency_hourly',
    selection: {
      ...TARGET,
      buckets: 'groupArray((bucket, n))',
    } as Selection<Latencies>,
    group: 'hour, day, orchestrator, url, kind',
    order: 'ORDER BY hour',
    ...LIMITS,
  });
  const readings = hotRows<Reading>(database, served, {
    table: 'scrape_readings_hourly',
    selection: {
      ...TARGET,
      ...asThemselves(['metric', 'pipeline', 'model']),
      ...asThemselves(['gpu_id', 'gpu']),
      ...asThemselves(['currency', 'unit', 'n', 'total']),
    } as Selection<Reading>,
    order: 'ORDER BY hour',
    ...LIMITS,
  });
  return revision => async (window, query, page) => {
    const { by = [], filters } = query;
    checkDimensions(by, AVAILABILITY_DIMENSIONS);
    const conditions = rowConditions<keyof Target>(
      window,
      filters,
      AVAILABILITY_COLUMNS,
    );
    const [ofScrapes, ofLatencies, ofReadings] = await Promise.all([
      scrapes.in(revision, window),
      latencies.in(revision, window),
      readings.in(revision, window),
    ]);
    if (!ofScrapes || !ofLatencies || !ofReadings) {
      return cold.availability(window, query, page);
    }
    const slices = new Slices();
    const groups = new FoundGroups(by);
    for (const row of matchingRows(ofScrapes, conditions)) {
      if (row.kind === 'orchestrator') groups.of(row, true)!.addScrapes(row);
      if (slices.over()) await slices.rest();
    }
    const read = matchingRows(ofReadings, conditions);
    for (const row of read) {
      if (row.metric === 'gpu_utilization') {
        groups.of(row, true)!.addUtilization(row);
      }
      if (slices.over()) await slices.rest();
    }
    for (const row of matchingRows(ofLatencies, conditions)) {
      if (row.kind === 'orchestrator') groups.of(row, false)?.addLatencies(row);
      if (slices.over()) await slices.rest();
    }
    for (const row of read) {
      if (row.metric === 'price' && row.kind === 'orchestrator') {
        groups.of(row, false)?.addPrice(row);
      }
      if (slices.over()) await slices.rest();
    }
    const { rows, more } = partOf(
      groups.inOrder(),
      page,
      keyOrder(by),
      group => group.keys,
    );
    return {
      rows: rows.map(group => availabilityRow(by, group.sums())),
      more,
    };
  };
}
