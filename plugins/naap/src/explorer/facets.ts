import { isIdle, KpiRow } from '@naap/plugin-naap-common';

/** What an orchestrator was seen with in the window, by requests, most first. */
export interface Facets {
  models: string[];
  gpus: string[];
  regions: string[];
}

const NO_FACETS: Facets = { models: [], gpus: [], regions: [] };

/** Facets by orchestrator, out of rows grouped by orchestrator, model, GPU and region. */
export function facetsByOrchestrator(
  rows: readonly KpiRow[],
): Map<string, Facets> {
  const counts = new Map<string, Record<keyof Facets, Map<string, number>>>();
  for (const row of rows) {
    if (!row.orchestrator || isIdle(row)) {
      continue;
    }
    let count = counts.get(row.orchestrator);
    if (!count) {
      count = { models: new Map(), gpus: new Map(), regions: new Map() };
      counts.set(row.orchestrator, count);
    }
    add(count.models, row.model, row.requests);
    add(count.gpus, row.gpu, row.requests);
    add(count.regions, row.region, row.requests);
  }
  return new Map(
    [...counts].map(([orchestrator, count]) => [
      orchestrator,
      {
        models: byCount(count.models),
        gpus: byCount(count.gpus),
        regions: byCount(count.regions),
      },
    ]),
  );
}

/** Facets of one orchestrator; empty lists where nothing is known. */
export function facetsOf(
  facets: ReadonlyMap<string, Facets> | undefined,
  orchestrator: string | null | undefined,
): Facets {
  return (orchestrator && facets?.get(orchestrator)) || NO_FACETS;
}

function add(
  counts: Map<string, number>,
  value: string | null | undefined,
  requests: number,
) {
  if (value) {
    counts.set(value, (counts.get(value) ?? 0) + requests);
  }
}

function byCount(counts: Map<string, number>): string[] {
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([value]) => value);
}
