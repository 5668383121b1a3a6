import {
  KPI_CATALOGUE,
  KpiRow,
  kpiGrade,
  ModelTargets,
  NaapSchemas,
  RowTargets,
  ScoreAnswer,
  targetsTogether,
} from '@naap/plugin-naap-common';
import { intervalOf } from './values';

type ComplianceRow = NaapSchemas['ComplianceRow'];

const TARGETED = KPI_CATALOGUE.filter(
  ({ target }) => typeof target === 'string',
);

/** The models of orchestrators that have a value of a KPI whose target is the model's own. */
export class TargetedModels {
  readonly #rows = new Map<string, KpiRow[]>();
  readonly #models = new Set<string>();

  /** @param row - KPIs by orchestrator and model */
  add(row: KpiRow): void {
    const { orchestrator, model } = row;
    if (typeof orchestrator !== 'string') return;
    if (TARGETED.every(({ read }) => read(row).n === 0)) return;
    const known = this.#rows.get(orchestrator);
    if (known) known.push(row);
    else this.#rows.set(orchestrator, [row]);
    if (typeof model === 'string') this.#models.add(model);
  }

  has(model: string): boolean {
    return this.#models.has(model);
  }

  of(orchestrator: string): KpiRow[] {
    return this.#rows.get(orchestrator) ?? [];
  }
}

function kpisOf(row: KpiRow, own: RowTargets) {
  return KPI_CATALOGUE.map(kpi => {
    const reading = kpi.read(row);
    const { status, target } = kpiGrade(kpi, reading, own);
    return {
      kpi: kpi.id,
      value: reading.graded,
      unit: kpi.unit,
      n: reading.n,
      interval: reading.interval,
      target,
      status,
    };
  });
}

/** Rows of `GET /sla/compliance`; all of the same window and filter. */
export function complianceRows(of: {
  scores: ScoreAnswer;
  /** KPIs by orchestrator. */
  kpis: KpiRow[];
  models: TargetedModels;
  /** Of these models. */
  targets: ModelTargets[];
}): ComplianceRow[] {
  const kpis = new Map(of.kpis.map(row => [row.orchestrator, row]));
  const targets = new Map(of.targets.map(own => [own.model, own]));
  const targetsOf = (orchestrator: string) => {
    const models = of.models.of(orchestrator);
    return targetsTogether(
      models,
      models.flatMap(({ model }) => targets.get(model ?? '') ?? []),
    );
  };
  return of.scores.rows.map(score => {
    const row = kpis.get(score.key);
    return {
      orchestrator_id: score.key,
      period: intervalOf(of.scores.meta.window),
      sla_score: score.score,
      sla_score_interval:
        score.score_low === null || score.score_high === null
          ? null
          : { low: score.score_low, high: score.score_high },
      reliability: score.reliability,
      quality: score.quality,
      attainments: score.attainments,
      n: score.served,
      completeness: score.completeness,
      kpis: row ? kpisOf(row, targetsOf(score.key)) : [],
    };
  });
}
