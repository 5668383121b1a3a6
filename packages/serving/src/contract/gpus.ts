import type { KpiDimension, KpiFilters } from './dimensions';
import type { KpiRow } from './kpis';
import type { Page, PageQuery, Window } from './pages';
import type { AnswerMeta } from './served';

/** KPIs of one GPU of one orchestrator; `gpu_id` is null for what can't be tied to one GPU. */
export interface GpuRow extends Omit<KpiRow, KpiDimension> {
  orchestrator: string | null;
  gpu_id: string | null;
  gpu: string | null;
  /** The first hundred of each, in their order. */
  models: string[];
  regions: string[];
  /** Version of its newest capability report. */
  orchestrator_version: string | null;
  first_seen_at: string | null;
  last_seen_at: string | null;
  /** False when the place of this GPU is reported under another id every hour or so; null: too few hours to say. */
  stable: boolean | null;
}

export interface GpuQuery extends Window, PageQuery {
  filters?: KpiFilters;
  /** Exact ids. */
  gpuId?: string[];
}

export interface GpuAnswer extends Page {
  meta: AnswerMeta;
  rows: GpuRow[];
}
