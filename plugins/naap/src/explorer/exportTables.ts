import { KpiRow, OrchestratorInfo, RequestRow } from '@naap/plugin-naap-common';
import { flattenKpis } from '../export/flatten';
import { ExportTable } from '../export/table';
import { RowSort, Scores, sortRows } from '../lib/sortRows';
import { Facets, facetsOf } from './facets';

/** The leaderboard in the order of the page; lists are joined by "; ". */
export function exportOrchestrators(
  rows: readonly KpiRow[],
  sort: RowSort,
  scores: Scores | undefined,
  facets: ReadonlyMap<string, Facets> | undefined,
  operators: ReadonlyMap<string, OrchestratorInfo>,
): ExportTable {
  return {
    name: 'orchestrators',
    rows: sortRows(rows, sort, scores).map(row => {
      const { orchestrator = null, ...kpis } = row;
      const score = scores?.get(orchestrator ?? '');
      const { models, gpus, regions } = facetsOf(facets, orchestrator);
      return {
        orchestrator,
        operator: operators.get(orchestrator ?? '')?.name ?? null,
        models: models.join('; ') || null,
        gpus: gpus.join('; ') || null,
        regions: regions.join('; ') || null,
        score: score?.score ?? null,
        score_low: score?.score_low ?? null,
        score_high: score?.score_high ?? null,
        ...flattenKpis(kpis),
      };
    }),
  };
}

/** KPI rows of any grouping as they are. */
export function exportKpis(name: string, rows: readonly KpiRow[]): ExportTable {
  return { name, rows: rows.map(flattenKpis) };
}

/** Requests as the API answers them. */
export function exportRequests(
  rows: readonly RequestRow[],
  total: number,
): ExportTable {
  return { name: 'requests', total, rows: rows.map(row => ({ ...row })) };
}
