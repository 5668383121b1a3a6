import {
  hasEnoughEvidence,
  isIdle,
  KpiDefinition,
  KpiRow,
  ModelTargets,
  RowTargets,
  ScoreRow,
  targetsTogether,
} from '@naap/plugin-naap-common';
import { bestOf } from './best';
import { CompareKind } from './compareState';

/** One of those that are compared. */
export interface Compared {
  id: string;
  /** Undefined: nothing in this window, or not yet answered. */
  row: KpiRow | undefined;
  score: ScoreRow | undefined;
  targets: RowTargets;
  /** What it ran, or who ran it, by requests, most first. */
  others: string[];
}

const FAILED: RowTargets = { failed: true };

/** What the answers say about each of the chosen ones, in their order. */
export function comparedOf(
  kind: CompareKind,
  ids: readonly string[],
  answers: {
    totals: readonly KpiRow[] | undefined;
    /** By orchestrator and model. */
    pairs: readonly KpiRow[] | undefined;
    scores: readonly ScoreRow[] | undefined;
    targets: readonly ModelTargets[] | undefined;
    /** Targets, or what ran what, could not be asked for. */
    failed?: boolean;
  },
): Compared[] {
  const {
    totals = [],
    pairs = [],
    scores = [],
    targets = [],
    failed,
  } = answers;
  const other = kind === 'model' ? 'orchestrator' : 'model';
  return ids.map(id => {
    const row = totals.find(total => total[kind] === id);
    const own = pairs
      .filter(pair => pair[kind] === id && !isIdle(pair))
      .sort((a, b) => b.requests - a.requests);
    const byModel = kind === 'orchestrator' ? own : modelRows(id, row);
    return {
      id,
      row,
      score: scores.find(({ key }) => key === id),
      targets: failed ? FAILED : targetsTogether(byModel, targets),
      others: own.flatMap(pair => pair[other] ?? []),
    };
  });
}

function modelRows(model: string, row: KpiRow | undefined): KpiRow[] {
  return row ? [{ ...row, model }] : [];
}

/** Whose KPI is best beyond doubt; null where nobody's is, as for all KPIs without an interval. */
export function bestOfKpi(
  definition: KpiDefinition,
  compared: readonly Compared[],
): number | null {
  const readings = compared.map(({ row }) => row && definition.read(row));
  return bestOf(
    readings.map(reading => ({
      interval: reading?.interval ?? null,
      enough: reading !== undefined && hasEnoughEvidence(definition, reading),
    })),
    definition.direction,
  );
}

/** Whose score is best beyond doubt. */
export function bestOfScores(compared: readonly Compared[]): number | null {
  return bestOf(
    compared.map(({ score }) => {
      const { score_low: low = null, score_high: high = null } = score ?? {};
      return {
        interval: low === null || high === null ? null : { low, high },
        enough: true,
      };
    }),
    'higher',
  );
}
