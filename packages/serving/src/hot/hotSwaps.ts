import { rowConditions } from '../conditions';
import { KpiFilter, SwapRow } from '../contract';
import { Database } from '../database';
import { KpiReader } from '../KpiReader';
import { inOrder } from '../order';
import { partOf } from '../page';
import { Selection } from '../selection';
import { SWAP_COLUMNS, SWAP_ORDER, swapKey } from '../swapQuery';
import { hotRows, matchingRows } from './dayRows';
import { ServedDays } from './servedDays';

interface Swap
  extends Record<Exclude<KpiFilter, 'orchestrator'>, string | null> {
  hour: string;
  requested_at: string;
  from_orchestrator: string | null;
  to_orchestrator: string | null;
  failed: boolean;
}

const SELECTION: Selection<Swap> = {
  hour: { ms: 'toUnixTimestamp(hour) * 1000' },
  requested_at: { ms: 'toUnixTimestamp64Milli(requested_at)' },
  from_orchestrator: 'from_orchestrator',
  to_orchestrator: 'to_orchestrator',
  failed: 'failed',
  gateway: 'gateway',
  region: 'region',
  model: 'model',
  pipeline: 'pipeline',
  gpu: 'gpu',
};

/** Swaps of what is served at a revision, counted in memory where the days of a window can be held there. */
export function hotSwaps(
  cold: KpiReader,
  database: Database,
  served: ServedDays,
): (revision: number) => KpiReader['swaps'] {
  const hot = hotRows<Swap>(database, served, {
    table: 'fct_swaps',
    selection: SELECTION,
    repeating: [
      'hour',
      'from_orchestrator',
      'to_orchestrator',
      'gateway',
      'region',
      'model',
      'pipeline',
      'gpu',
    ],
    order: 'ORDER BY hour',
    bytesOfRow: 200,
    maxRowsOfQuestion: 50_000,
  });
  return revision => async (window, filters, page) => {
    const conditions = rowConditions<keyof Swap>(
      window,
      filters,
      SWAP_COLUMNS,
      'requested_at',
    );
    const days = await hot.in(revision, window);
    if (!days) return cold.swaps(window, filters, page);
    const pairs = new Map<string, SwapRow>();
    for (const swap of matchingRows(days, conditions)) {
      const { from_orchestrator: from, to_orchestrator: to } = swap;
      const key = JSON.stringify([from, to]);
      const pair = pairs.get(key) ?? { from, to, swaps: 0, failed: 0 };
      pairs.set(key, pair);
      pair.swaps++;
      if (swap.failed) pair.failed++;
    }
    const compare = inOrder(SWAP_ORDER);
    const rows = [...pairs.values()].sort((a, b) =>
      compare(swapKey(a), swapKey(b)),
    );
    return partOf(rows, page, SWAP_ORDER, swapKey);
  };
}
