import { Database } from './client';
import { conditions, OWN_COLUMNS } from './conditions';
import { SUPPLY_DIMENSIONS, SupplyQuery, SupplyRow } from './contract';
import { checkDimensions, dimensionsOf } from './dimensions';
import { ratio } from './statistics';
import { HourWindow } from './window';

/** Reports come from orchestrators, so they know neither gateway nor region. */
const { gateway, region, ...COLUMNS } = OWN_COLUMNS;

/**
 * What was offered, by the dimensions asked and in their order, nulls last; without a dimension one row, also when
 * nothing was reported. Within an hour capacities add up; over hours they are summed and divided by the hours.
 */
export async function querySupply(
  database: Database,
  window: HourWindow,
  { by = [], filters }: SupplyQuery,
): Promise<SupplyRow[]> {
  checkDimensions(by, SUPPLY_DIMENSIONS);
  const where = conditions(window, filters, COLUMNS);
  const group =
    by.length > 0
      ? `GROUP BY ${by.join()} ORDER BY ${by
          .map(name => `${name} ASC NULLS LAST`)
          .join()}`
      : '';
  const rows = await database.rows<
    [
      ...Array<string | number | null>,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
  >(
    `SELECT ${[
      ...by.map(name => (name === 'hour' ? 'toUnixTimestamp(hour)' : name)),
      'count()',
      'uniqExactMerge(offering)',
      'max(ids)',
      'sum(containers)',
      'sum(busy)',
      'sum(loaded)',
    ].join()}
FROM (
  SELECT ${[...new Set([...by, 'hour'])].join()},
    uniqExactState(orchestrator) AS offering,
    uniqExactArray(arrayMap(id -> (orchestrator, id), JSONExtract(gpu_ids, 'Array(String)'))) AS ids,
    sum(capacity) AS containers, sum(capacity_in_use) AS busy, sum(warm) AS loaded
  FROM naap.supply_hourly WHERE ${where.sql} GROUP BY ${[
      ...new Set([...by, 'hour']),
    ].join()}
) ${group}`,
    where.parameters,
  );
  return rows.map(row => {
    const [hours, orchestrators, gpus, capacity, inUse, warm] = row
      .slice(by.length)
      .map(Number);
    return {
      ...dimensionsOf(by, row),
      hours,
      orchestrators,
      gpus,
      capacity: ratio(capacity, hours),
      capacity_in_use: ratio(inUse, hours),
      warm: ratio(warm, hours),
    };
  });
}
