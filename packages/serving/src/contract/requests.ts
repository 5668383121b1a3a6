import type { KpiFilters } from './dimensions';
import type { KpiId } from './kpis';
import type { Page, PageQuery, Window } from './pages';
import type { AnswerMeta } from './served';

export type Outcome =
  | 'running'
  | 'unserved'
  | 'failed'
  | 'abandoned'
  | 'unknown'
  | 'ok';

export type FailureReason =
  | 'swap_failed'
  | 'no_output'
  | 'output_lost'
  | 'startup_failed'
  | 'error';

/** The facts of one request that counts. Times ISO 8601 UTC with milliseconds, durations in ms. */
export interface RequestRow {
  stream_id: string;
  request_id: string;
  requested_at: string;
  hour: string;
  gateway: string;
  region: string | null;
  orchestrator: string | null;
  /** `contested`: its URL is claimed by several addresses, so that it is nobody's. */
  identity: 'canonical' | 'reported' | 'contested' | null;
  orch_uri: string | null;
  model: string | null;
  pipeline: string | null;
  gpu: string | null;
  warm: boolean | null;
  ptff_ms: number | null;
  e2e_ms: number | null;
  startup_ms: number | null;
  overlay: boolean;
  fps_mean: number | null;
  fps_samples: number;
  jitter: number | null;
  outcome: Outcome;
  reason: FailureReason | null;
  error_events: number;
  /** Times that a runner restarted while it served. */
  restarts: number;
  swapped: boolean;
  swap_events: number;
}

export interface RequestQuery extends Window, PageQuery {
  filters?: KpiFilters;
  outcome?: Outcome[];
  /** Only the requests that this KPI counts, those that make it worse first. */
  kpi?: KpiId;
  /** `request_id`, exact. */
  requestId?: string;
  streamId?: string;
  /** Newest first by default; with `kpi` among those that are equally bad. */
  order?: 'newest' | 'oldest';
  /** Rows to leave out, from the start or from the cursor on. */
  offset?: number;
}

export interface RequestAnswer extends Page {
  meta: AnswerMeta;
  /** Rows that match, on all pages. */
  total: number;
  rows: RequestRow[];
}
