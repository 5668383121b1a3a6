import { createServiceFactory } from '@backstage/backend-plugin-api';
import {
  type KpiStore,
  kpiStoreServiceRef,
  servingServiceRef,
  translated,
} from '@naap/plugin-naap-node';
import type { Serving } from '@naap/serving';

/** What the API reads of what is served. */
export function createKpiStore(
  serving: Pick<Serving, keyof KpiStore>,
): KpiStore {
  return {
    kpis: query => translated(serving.kpis(query)),
    requests: query => translated(serving.requests(query)),
    dimensions: query => translated(serving.dimensions(query)),
    hasValue: (...of) => translated(serving.hasValue(...of)),
    scores: query => translated(serving.scores(query)),
    targets: query => translated(serving.targets(query)),
    supply: query => translated(serving.supply(query)),
    availability: query => translated(serving.availability(query)),
    gpus: query => translated(serving.gpus(query)),
    swaps: query => translated(serving.swaps(query)),
    ingestStats: query => translated(serving.ingestStats(query)),
    inventory: page => translated(serving.inventory(page)),
    contested: page => translated(serving.contested(page)),
    tables: () => translated(serving.tables()),
    state: () => translated(serving.state()),
  };
}

export const kpiStoreServiceFactory = createServiceFactory({
  service: kpiStoreServiceRef,
  deps: { serving: servingServiceRef },
  factory: ({ serving }) => createKpiStore(serving),
});
