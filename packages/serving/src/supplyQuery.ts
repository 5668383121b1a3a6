import { conditions, FilterColumns, OWN_COLUMNS } from './conditions';
import { SUPPLY_DIMENSIONS, SupplyDimension, SupplyRow } from './contract';
import { Database } from './database';
import { checkDimensions, dimensionsOf, selectedDimension } from './dimensions';
import { keyOrder } from './groups';
import { KpiReader } from './KpiReader';
import { readPage } from './page';
import { ratio } from './statistics';

/** Reports come from orchestrators, so they know neither gateway nor region. */
const { gateway, region, ...columns } = OWN_COLUMNS;
export const SUPPLY_COLUMNS: FilterColumns = columns;

/** Values of the dimensions asked for, hours in unix seconds. */
export type SupplyKeys = Array<string | number | null>;

/** Sums over the hours of a group. */
export interface SupplySums {
  orchestrators: number;
  gpus: number;
  containers: number;
  busy: number;
  loaded: number;
}

/** The dimensions that say which hours are those of a group: its own, or all of the window. */
export const timesOf = (by: SupplyDimension[]) =>
  by.filter(name => name === 'hour' || name === 'day');

/** How many hours with a report a group has, by its keys, from counts by the values of `timesOf`, as JSON. */
export function hoursOf(
  by: SupplyDimension[],
  counts: Map<string, number>,
): (keys: SupplyKeys) => number {
  const places = timesOf(by).map(name => by.indexOf(name));
  return keys => counts.get(JSON.stringify(places.map(at => keys[at]))) ?? 0;
}

export function supplyRow(
  by: SupplyDimension[],
  keys: SupplyKeys,
  hours: number,
  { orchestrators, gpus, containers, busy, loaded }: SupplySums,
): SupplyRow {
  return {
    ...dimensionsOf(by, keys),
    hours,
    orchestrators,
    gpus,
    capacity: ratio(containers, hours),
    capacity_in_use: ratio(busy, hours),
    warm: ratio(loaded, hours),
  };
}

const selected = (names: SupplyDimension[]) => names.map(selectedDimension);

/** Supply that ClickHouse adds up. */
export function sqlSupply(database: Database): KpiReader['supply'] {
  return async (window, { by = [], filters }, page) => {
    checkDimensions(by, SUPPLY_DIMENSIONS);
    const where = conditions(window, filters, SUPPLY_COLUMNS);
    const times = timesOf(by);
    const reported = conditions(window);
    const [{ rows, more }, hours] = await Promise.all([
      readPage<SupplyKeys>(database, {
        select: [
          ...selected(by),
          'uniqExact(orchestrator)',
          "uniqExactArray(arrayMap(id -> (orchestrator, id), JSONExtract(gpu_ids, 'Array(String)')))",
          'sum(capacity)',
          'sum(capacity_in_use)',
          'sum(warm)',
        ],
        from: 'naap.supply_hourly',
        where,
        group: by.length > 0 ? `GROUP BY ${by}` : '',
        order: keyOrder(by),
        page,
      }),
      database.rows<SupplyKeys>(
        `SELECT ${[
          ...selected(times),
          'count()',
        ]} FROM naap.supply_hours WHERE ${reported.sql} ${
          times.length > 0 ? `GROUP BY ${times}` : ''
        }`,
        reported.parameters,
      ),
    ]);
    const hoursOfGroup = hoursOf(
      by,
      new Map(
        hours.map(row => [
          JSON.stringify(row.slice(0, times.length)),
          Number(row[times.length]),
        ]),
      ),
    );
    return {
      rows: rows.map(row => {
        const [orchestrators, gpus, containers, busy, loaded] = row
          .slice(by.length)
          .map(Number);
        return supplyRow(by, row, hoursOfGroup(row), {
          orchestrators,
          gpus,
          containers,
          busy,
          loaded,
        });
      }),
      more,
    };
  };
}
