import {
  hasEnoughEvidence,
  isIdle,
  KpiDefinition,
  KpiRow,
  kpiTarget,
  ModelTargets,
  peerMedian,
} from '@naap/plugin-naap-common';

/** Pairs of orchestrator and model, busiest first in both directions. */
export interface HeatMap {
  orchestrators: string[];
  /** Null: no message named one. */
  models: Array<string | null>;
  /** How many are not shown. */
  hidden: { orchestrators: number; models: number };
  /** Requests without an orchestrator, which are in no cell. */
  unattributed: number;
  cell(orchestrator: string, model: string | null): KpiRow | undefined;
}

/**
 * The heat map of rows grouped by orchestrator and model.
 *
 * @param limit - Keeps the busiest of each; without it all are shown.
 */
export function heatMapOf(
  rows: readonly KpiRow[],
  limit: { orchestrators: number; models: number } | null,
): HeatMap {
  const cells = new Map<string, Map<string | null, KpiRow>>();
  const busyOrchestrators = new Map<string, number>();
  const busyModels = new Map<string | null, number>();
  let unattributed = 0;
  for (const row of rows) {
    const { orchestrator, model = null, requests } = row;
    if (isIdle(row)) continue;
    if (!orchestrator) {
      unattributed += requests;
    } else {
      const pairs = cells.get(orchestrator) ?? new Map();
      cells.set(orchestrator, pairs.set(model, row));
      count(busyOrchestrators, orchestrator, requests);
      count(busyModels, model, requests);
    }
  }
  const orchestrators = busiest(busyOrchestrators);
  const models = busiest(busyModels);
  const shown = {
    orchestrators: orchestrators.slice(0, limit?.orchestrators),
    models: models.slice(0, limit?.models),
  };
  return {
    ...shown,
    hidden: {
      orchestrators: orchestrators.length - shown.orchestrators.length,
      models: models.length - shown.models.length,
    },
    unattributed,
    cell: (orchestrator, model) => cells.get(orchestrator)?.get(model),
  };
}

/** Shades of a cell, by how many times worse than its reference it is at most; 0 is as good or better. */
const WORSE = [1, 1.25, 1.5, 2, Infinity];
export const SHADES = WORSE.length;

/** What the cells of a model are held against: its target, else the median over its orchestrators. */
export type HeatReferences = ReadonlyMap<string | null, number>;

/**
 * Models differ, so each is its own measure. A model without a target and without a cell with enough data has none.
 *
 * @param rows - by orchestrator and model
 */
export function heatReferences(
  definition: KpiDefinition,
  rows: readonly KpiRow[],
  targets: readonly ModelTargets[],
): HeatReferences {
  const models = new Map<string | null, KpiRow[]>();
  for (const row of rows) {
    const model = row.model ?? null;
    const group = models.get(model);
    if (group) group.push(row);
    else models.set(model, [row]);
  }
  const references = new Map<string | null, number>();
  for (const [model, group] of models) {
    const own = targets.find(target => target.model === model);
    const reference =
      kpiTarget(definition, own)?.value ??
      peerMedian(definition, group, 'orchestrator').value;
    if (reference !== null) references.set(model, reference);
  }
  return references;
}

/** The shade of a cell; null without enough data or without a reference. */
export function heatShade(
  definition: KpiDefinition,
  row: KpiRow,
  references: HeatReferences,
): number | null {
  const value = gradedValue(definition, row);
  const reference = references.get(row.model ?? null);
  if (value === null || reference === undefined) {
    return null;
  }
  const [worse, better] =
    definition.direction === 'lower' ? [value, reference] : [reference, value];
  return worse <= better
    ? 0
    : WORSE.findIndex(times => worse / better <= times);
}

/** What a cell shows, if it rests on enough to be shaded (kpis.md §3). */
function gradedValue(definition: KpiDefinition, row: KpiRow): number | null {
  const reading = definition.read(row);
  return hasEnoughEvidence(definition, reading) ? reading.graded : null;
}

function count<K>(counts: Map<K, number>, key: K, requests: number) {
  counts.set(key, (counts.get(key) ?? 0) + requests);
}

function busiest<K extends string | null>(counts: Map<K, number>): K[] {
  return [...counts]
    .sort((a, b) => b[1] - a[1] || ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1))
    .map(([key]) => key);
}
