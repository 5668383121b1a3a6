import type { KpiFilters } from './dimensions';
import type { Page, PageQuery, Window } from './pages';
import type { AnswerMeta } from './served';

/** What can be scored. */
export type ScoreKey = 'orchestrator' | 'model' | 'gpu';

/** The SLA score of one orchestrator, model or GPU (docs/kpis.md §4). Fractions unless said otherwise. */
export interface ScoreRow {
  key: string;
  /** 0 to 100; null is "too few". */
  score: number | null;
  /** The score at the worse and the better end of the 95 % Wilson intervals of its two rates; null without a score. */
  score_low: number | null;
  score_high: number | null;
  reliability: number | null;
  quality: number | null;
  /** null when no model of the group has both a target and a value. */
  attainments: {
    fps: number | null;
    startup: number | null;
    e2e: number | null;
    jitter: number | null;
  };
  /** Requests that are graded. */
  served: number;
  /** Share of the served requests with whole telemetry: shown beside the score, never multiplied into it. */
  completeness: number | null;
}

export interface ScoreQuery extends Window, PageQuery {
  filters?: KpiFilters;
  by: ScoreKey;
}

export interface ScoreAnswer extends Page {
  meta: AnswerMeta;
  rows: ScoreRow[];
}

/** A target of one model and where it comes from. */
export interface ModelTarget {
  value: number;
  /** `table`: model_targets; `network_median`: of the seven full UTC days before the window (docs/kpis.md §4). */
  source: 'table' | 'network_median';
}

/** The targets of one model that are not the same for all; null where there is none. */
export interface ModelTargets {
  model: string;
  fps: ModelTarget | null;
  ptff_ms: ModelTarget | null;
  startup_ms: ModelTarget | null;
}

export interface TargetQuery extends Window, PageQuery {}

export interface TargetAnswer extends Page {
  meta: AnswerMeta;
  rows: ModelTargets[];
}
