import {
  KPI_CATALOGUE,
  KpiId,
  KpiRow,
  kpiDefinition,
  ScoreRow,
} from '@naap/plugin-naap-common';

export type SortColumn = 'orchestrator' | 'score' | 'requests' | KpiId;
export type SortDirection = 'asc' | 'desc';

/** Scores by orchestrator. */
export type Scores = ReadonlyMap<string, ScoreRow>;

export interface RowSort {
  column: SortColumn;
  direction: SortDirection;
}

export const SORT_COLUMNS: readonly SortColumn[] = [
  'orchestrator',
  'score',
  'requests',
  ...KPI_CATALOGUE.map(kpi => kpi.id),
];

/** The direction of the first click on a column: best score first, worst first for a KPI, for that is what one looks for. */
export function firstDirection(column: SortColumn): SortDirection {
  if (column === 'orchestrator') {
    return 'asc';
  }
  if (column === 'score' || column === 'requests') {
    return 'desc';
  }
  return kpiDefinition(column).direction === 'lower' ? 'desc' : 'asc';
}

function valueOf(
  row: KpiRow,
  column: SortColumn,
  scores: Scores,
): number | string | null {
  switch (column) {
    case 'score':
      // By the lower bound: a good score of few requests is not yet a good orchestrator.
      return scores.get(row.orchestrator ?? '')?.score_low ?? null;
    case 'orchestrator':
      return row.orchestrator ?? null;
    case 'requests':
      return row.requests;
    default:
      return kpiDefinition(column).read(row).graded;
  }
}

/**
 * Rows of orchestrators in order. Nulls come last in both directions, and the row without an orchestrator last of all:
 * it is kept so that rows add up to the network, and never ranked. Ties go by address, so that a refresh moves nothing.
 */
export function sortRows(
  rows: readonly KpiRow[],
  sort: RowSort,
  scores: Scores = new Map(),
): KpiRow[] {
  const sign = sort.direction === 'asc' ? 1 : -1;
  return rows
    .map(row => ({
      row,
      value: valueOf(row, sort.column, scores),
      address: row.orchestrator ?? null,
    }))
    .sort(
      (a, b) =>
        Number(a.address === null) - Number(b.address === null) ||
        Number(a.value === null) - Number(b.value === null) ||
        sign * compare(a.value, b.value) ||
        compare(a.address, b.address),
    )
    .map(({ row }) => row);
}

function compare(a: number | string | null, b: number | string | null): number {
  if (a === b || a === null || b === null) {
    return 0;
  }
  return a < b ? -1 : 1;
}
