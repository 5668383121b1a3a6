import type { KpiStore } from '@naap/plugin-naap-node';
import type { Serving } from '@naap/serving';
import { translated } from './translated';

/** What the API reads from ClickHouse. */
export function createKpiStore(
  serving: Pick<Serving, keyof KpiStore>,
): KpiStore {
  return {
    kpis: query => translated(serving.kpis(query)),
    requests: query => translated(serving.requests(query)),
    dimensions: window => translated(serving.dimensions(window)),
    scores: (query, by) => translated(serving.scores(query, by)),
    targets: window => translated(serving.targets(window)),
    supply: query => translated(serving.supply(query)),
    availability: query => translated(serving.availability(query)),
    gpus: query => translated(serving.gpus(query)),
    swaps: query => translated(serving.swaps(query)),
    inventory: () => translated(serving.inventory()),
    state: () => translated(serving.state()),
  };
}
