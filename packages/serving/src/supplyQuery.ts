import { Database } from './client';
import { conditions, FilterColumns, OWN_COLUMNS } from './conditions';
import {
  SUPPLY_DIMENSIONS,
  SupplyDimension,
  SupplyQuery,
  SupplyRow,
} from './contract';
import { checkDimensions, dimensionsOf } from './dimensions';
import { keyOrder } from './groups';
import { PageAsk, Part, readPage } from './page';
import { ratio } from './statistics';
import { HourWindow } from './window';

/** Reports come from orchestrators, so they know neither gateway nor region. */
const { gateway, region, ...columns } = OWN_COLUMNS;
export const SUPPLY_COLUMNS: FilterColumns = columns;

/**
 * What was offered, by the dimensions asked and in their order, nulls last; without a dimension one row, also when
 * nothing was reported. Within an hour capacities add up; over hours they are summed and divided by the hours.
 */
export type ReadSupply = (
  window: HourWindow,
  query: Pick<SupplyQuery, 'by' | 'filters'>,
  page: PageAsk,
) => Promise<Part<SupplyRow>>;

/** Sums over the hours of a group; `gpus` is the highest of an hour. */
export interface SupplySums {
  hours: number;
  orchestrators: number;
  gpus: number;
  containers: number;
  busy: number;
  loaded: number;
}

/** @param keys - values of the dimensions asked for, hours in unix seconds */
export function supplyRow(
  by: SupplyDimension[],
  keys: Array<string | number | null>,
  sums: SupplySums,
): SupplyRow {
  const { hours, orchestrators, gpus } = sums;
  return {
    ...dimensionsOf(by, keys),
    hours,
    orchestrators,
    gpus,
    capacity: ratio(sums.containers, hours),
    capacity_in_use: ratio(sums.busy, hours),
    warm: ratio(sums.loaded, hours),
  };
}

/** Supply that ClickHouse adds up. */
export function sqlSupply(database: Database): ReadSupply {
  return async (window, { by = [], filters }, page) => {
    checkDimensions(by, SUPPLY_DIMENSIONS);
    const where = conditions(window, filters, SUPPLY_COLUMNS);
    const perHour = [...new Set([...by, 'hour'])].join();
    const { rows, more } = await readPage<Array<string | number | null>>(
      database,
      {
        select: [
          ...by.map(name => (name === 'hour' ? 'toUnixTimestamp(hour)' : name)),
          'count()',
          'uniqExactMerge(offering)',
          'max(ids)',
          'sum(containers)',
          'sum(busy)',
          'sum(loaded)',
        ],
        from: `(
  SELECT ${perHour},
      uniqExactState(orchestrator) AS offering,
      uniqExactArray(arrayMap(id -> (orchestrator, id), JSONExtract(gpu_ids, 'Array(String)'))) AS ids,
      sum(capacity) AS containers, sum(capacity_in_use) AS busy, sum(warm) AS loaded
    FROM naap.supply_hourly WHERE ${where.sql} GROUP BY ${perHour}
  )`,
        where: { sql: '1', parameters: where.parameters },
        group: by.length > 0 ? `GROUP BY ${by}` : '',
        order: keyOrder(by),
        page,
      },
    );
    return {
      rows: rows.map(row => {
        const [hours, orchestrators, gpus, containers, busy, loaded] = row
          .slice(by.length)
          .map(Number);
        return supplyRow(by, row, {
          hours,
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
