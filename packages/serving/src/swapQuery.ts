import { conditions, FilterColumns, OWN_COLUMNS } from './conditions';
import { SwapRow } from './contract';
import { Key } from './cursor';
import { Database } from './database';
import { KpiReader } from './KpiReader';
import { Ordered } from './order';
import { readPage } from './page';

export const SWAP_COLUMNS: FilterColumns = {
  ...OWN_COLUMNS,
  orchestrator: ['from_orchestrator', 'to_orchestrator'],
};

/** Most first, then by the two orchestrators. */
export const SWAP_ORDER: Ordered[] = [
  { column: 'swaps', kind: 'number', direction: 'DESC' },
  { column: 'from_orchestrator', kind: 'text', direction: 'ASC' },
  { column: 'to_orchestrator', kind: 'text', direction: 'ASC' },
];

export const swapKey = ({ swaps, from, to }: SwapRow): Key => [swaps, from, to];

/** Swaps that ClickHouse counts. */
export function sqlSwaps(database: Database): KpiReader['swaps'] {
  return async (window, filters, page) => {
    const where = conditions(window, filters, SWAP_COLUMNS, 'requested_at');
    const { rows, more } = await readPage<
      [string | null, string | null, number, number]
    >(database, {
      select: ['from_orchestrator', 'to_orchestrator', 'swaps', 'failures'],
      from: `(SELECT from_orchestrator, to_orchestrator, count() AS swaps, countIf(failed) AS failures
  FROM naap.fct_swaps WHERE ${where.sql} GROUP BY 1, 2)`,
      where: { sql: '1', parameters: where.parameters },
      order: SWAP_ORDER,
      page,
    });
    return {
      rows: rows.map(([from, to, swaps, failed]) => ({
        from,
        to,
        swaps,
        failed,
      })),
      more,
    };
  };
}
