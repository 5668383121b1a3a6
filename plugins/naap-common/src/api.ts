import type {
  AnswerMeta,
  RequestRow,
  ServedState,
} from '@naap/serving/contract';
import type { StepId } from './permissions';

/**
 * What `/api/naap/v1` answers beside the shapes of the serving layer. Times are ISO 8601 UTC with milliseconds,
 * durations ms; null means "no evidence". The contract is src/schema/openapi.yaml of naap-backend.
 */

/** `POST /events`: the classes add up to `read`; everything counted here is durable. */
export interface IngestAnswer {
  read: number;
  accepted: number;
  ignored: number;
  rejected: number;
  duplicate: number;
  /** Messages per reason of the ignored and rejected ones. */
  reasons: Record<string, number>;
  /** Offset that the next row of the event log gets. */
  nextOffset: number;
}

/** One event of a request, as the lake keeps it. */
export interface RequestEvent {
  event_id: string;
  type: string;
  subtype: string | null;
  event_time: string;
  envelope_time: string;
  gateway: string | null;
  /** The message as it came in, byte for byte. */
  raw: string;
}

/** `GET /requests/{requestId}` */
export interface RequestDetailAnswer {
  meta: AnswerMeta;
  request: RequestRow;
  /** Oldest first by envelope time. */
  events: RequestEvent[];
}

/** A request that an ambiguous `request_id` may mean, in the body of a 409. */
export interface RequestCandidate {
  stream_id: string;
  requested_at: string;
}

/** Classes whose messages are kept in quarantine. */
export const QUARANTINE_CLASSES = ['ignored', 'rejected'] as const;
export type QuarantineClass = (typeof QUARANTINE_CLASSES)[number];

export interface QuarantineRow {
  class: QuarantineClass;
  reason: string;
  /** The bytes of the message, base64. */
  raw_base64: string;
  seen_at: string;
  offset: number;
  source: string;
}

/** `GET /quarantine`, newest first. */
export interface QuarantineAnswer {
  /** Rows that match, before `limit`. */
  total: number;
  rows: QuarantineRow[];
}

/** Messages that came in within one UTC hour. */
export interface IngestStatsRow {
  hour: string;
  read: number;
  accepted: number;
  ignored: number;
  rejected: number;
  duplicate: number;
  reasons: Record<string, number>;
}

/** `GET /ingest-stats`, oldest first; hours without a message have no row. */
export interface IngestStatsAnswer {
  rows: IngestStatsRow[];
}

/** Where the loop of commit, build and sync stands. Null: not since the portal started. */
export interface LoopState {
  /** The step that runs now. */
  running: StepId | null;
  lastCommitAt: string | null;
  lastBuildAt: string | null;
  lastSyncAt: string | null;
  /** The newest failure whose step has not succeeded since. */
  lastError: { step: StepId; message: string; at: string } | null;
}

/** `GET /freshness` */
export interface FreshnessAnswer extends ServedState {
  /** now − watermark, null without a watermark. */
  freshnessMs: number | null;
  /** p95 of (sync finished − received) over the events of the last syncs; null before the first. */
  eventToServedP95Ms: number | null;
  loop: LoopState;
}

/** `POST /steps/{step}` */
export interface StepAnswer {
  step: StepId;
  startedAt: string;
  finishedAt: string;
  /** Whether the next step has something to do. */
  changed: boolean;
  /** What the step reports of itself. */
  details: Record<string, unknown>;
}
