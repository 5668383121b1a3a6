import { Database } from './client';
import { conditions, FilterColumns, OWN_COLUMNS } from './conditions';
import { KpiFilters, SwapRow } from './contract';
import { HourWindow } from './window';

export const SWAP_COLUMNS: FilterColumns = {
  ...OWN_COLUMNS,
  orchestrator: ['from_orchestrator', 'to_orchestrator'],
};

/** Swaps by the two orchestrators, most first. The hour and the filters are those of the request. */
export type ReadSwaps = (
  window: HourWindow,
  filters?: KpiFilters,
) => Promise<SwapRow[]>;

/** Swaps that ClickHouse counts. */
export function sqlSwaps(database: Database): ReadSwaps {
  return async (window, filters) => {
    const where = conditions(window, filters, SWAP_COLUMNS);
    const rows = await database.rows<
      [string | null, string | null, number, number]
    >(
      `SELECT from_orchestrator, to_orchestrator, count(), countIf(failed)
FROM naap.fct_swaps WHERE ${where.sql}
GROUP BY 1, 2 ORDER BY 3 DESC, 1 ASC NULLS LAST, 2 ASC NULLS LAST`,
      where.parameters,
    );
    return rows.map(([from, to, swaps, failed]) => ({
      from,
      to,
      swaps,
      failed,
    }));
  };
}
