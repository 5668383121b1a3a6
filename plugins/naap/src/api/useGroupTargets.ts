import {
  KpiFilters,
  KpiRow,
  ModelTargets,
  RowTargets,
  targetsTogether,
  Window,
} from '@naap/plugin-naap-common';
import { useMemo } from 'react';
import { useTargets } from '../scorecard/queries';
import { useKpis } from './queries';

const FAILED: RowTargets = { failed: true };

/** The targets of a row, by its orchestrator. */
export type TargetsOf = (
  orchestrator?: string | null,
) => RowTargets | undefined;

/**
 * The targets of the window and filters, whole or of each orchestrator: those of the models whose values are in it.
 * Undefined while they are on their way.
 */
export function useGroupTargets(
  window: Required<Window>,
  filters: KpiFilters,
  by?: 'orchestrator',
): TargetsOf {
  const targets = useTargets(window);
  const models = useKpis({
    ...window,
    filters,
    by: by ? [by, 'model'] : ['model'],
  });
  const failed = [targets, models].some(
    ({ isError, data }) => isError && !data,
  );
  const rows = models.data?.rows;
  const own = targets.data?.rows;
  return useMemo(() => {
    if (failed) {
      return () => FAILED;
    }
    const known = rows && own && groupTargets(rows, own);
    return orchestrator => known?.get(orchestrator ?? '');
  }, [failed, rows, own]);
}

/** Of rows by model, and maybe by orchestrator. */
function groupTargets(
  rows: readonly KpiRow[],
  targets: readonly ModelTargets[],
): Map<string, RowTargets> {
  const groups = new Map<string, KpiRow[]>();
  for (const row of rows) {
    const key = row.orchestrator ?? '';
    const group = groups.get(key);
    if (group) {
      group.push(row);
    } else {
      groups.set(key, [row]);
    }
  }
  return new Map(
    [...groups].map(([key, group]) => [key, targetsTogether(group, targets)]),
  );
}
