import {
  hasEnoughEvidence,
  isIdle,
  KpiDefinition,
  KpiRow,
} from '@naap/plugin-naap-common';
import { extentOf } from '../lib/extent';

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

/** Shades of a cell; 0 is the best. */
export const SHADES = 5;

/** The best and the worst value among the cells with enough data; null when none has. */
export interface HeatScale {
  best: number;
  worst: number;
}

export function heatScale(
  definition: KpiDefinition,
  rows: readonly KpiRow[],
): HeatScale | null {
  const values = rows
    .map(row => gradedValue(definition, row))
    .filter((value): value is number => value !== null);
  if (values.length === 0) {
    return null;
  }
  const { low, high } = extentOf(values);
  return definition.direction === 'lower'
    ? { best: low, worst: high }
    : { best: high, worst: low };
}

/** The shade of a cell, in equal steps from best to worst; null without enough data. */
export function heatShade(
  definition: KpiDefinition,
  row: KpiRow,
  scale: HeatScale | null,
): number | null {
  const value = gradedValue(definition, row);
  if (value === null || scale === null) {
    return null;
  }
  const { best, worst } = scale;
  const part = best === worst ? 0 : (value - best) / (worst - best);
  return Math.min(SHADES - 1, Math.floor(Math.abs(part) * SHADES));
}

/** What a cell shows, if it rests on enough to be shaded (kpis.md §3). */
function gradedValue(definition: KpiDefinition, row: KpiRow): number | null {
  const reading = definition.read(row);
  return hasEnoughEvidence(definition, reading) ? reading.shown : null;
}

function count<K>(counts: Map<K, number>, key: K, requests: number) {
  counts.set(key, (counts.get(key) ?? 0) + requests);
}

function busiest<K extends string | null>(counts: Map<K, number>): K[] {
  return [...counts]
    .sort((a, b) => b[1] - a[1] || ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1))
    .map(([key]) => key);
}
