import {
  KPI_CATALOGUE,
  KpiRow,
  kpiStatus,
  kpiTarget,
  ModelTargets,
  NaapSchemas,
  ScoreAnswer,
  targetsTogether,
} from '@naap/plugin-naap-common';
import { intervalOf } from './values';

type ComplianceRow = NaapSchemas['ComplianceRow'];

function kpisOf(row: KpiRow, models: KpiRow[], targets: ModelTargets[]) {
  const own = targetsTogether(models, targets);
  return KPI_CATALOGUE.map(kpi => {
    const reading = kpi.read(row);
    const target = kpiTarget(kpi, own);
    return {
      kpi: kpi.id,
      value: reading.graded,
      unit: kpi.unit,
      n: reading.n,
      interval: reading.interval,
      target,
      status: kpiStatus(kpi, reading, target),
    };
  });
}

/** Rows of `GET /sla/compliance`; all of the same window and filter. */
export function complianceRows(of: {
  scores: ScoreAnswer;
  /** KPIs by orchestrator. */
  kpis: KpiRow[];
  /** KPIs by orchestrator and model. */
  models: KpiRow[];
  targets: ModelTargets[];
}): ComplianceRow[] {
  return of.scores.rows.map(score => {
    const isOwn = (row: KpiRow) => row.orchestrator === score.key;
    const row = of.kpis.find(isOwn);
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
      kpis: row ? kpisOf(row, of.models.filter(isOwn), of.targets) : [],
    };
  });
}
