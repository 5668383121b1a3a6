import type {
  AnswerMeta,
  Page,
  PageQuery,
  RequestRow,
  ServedState,
} from '@naap/serving/contract';
import type { ConnectorAction, StepId } from './permissions';

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
  /** Messages in these counts that an earlier try with the same `Idempotency-Key` brought, if there was one. */
  resumed?: number;
}

/** Where a message lies. */
export interface MessagePlace {
  topic: string;
  partition: number;
  offset: number;
}

/** One event of a request, with what it says; null where it says none. */
export interface RequestEvent extends MessagePlace {
  event_id: string;
  type: string;
  subtype: string | null;
  event_time: string;
  envelope_time: string;
  gateway: string | null;
  /** Of a status, with its output and input FPS. */
  state: string | null;
  fps: number | null;
  input_fps: number | null;
  /** Of an error or a swap: its first 1024 bytes, without addresses of clients. */
  message: string | null;
  /** Of the orchestrator that it is about, in lower case and without slashes at its end. */
  orch_uri: string | null;
  /** Times of a status, by the runner: `start_time`, `last_output_time`, `timestamp` and `last_state_update_time`. */
  started_at: string | null;
  last_output_at: string | null;
  said_at: string | null;
  state_since: string | null;
  /** The first 1024 bytes of the message; null without `naap.raw.read`. */
  raw: string | null;
  /** Bytes of the message. */
  raw_length: number;
}

/** `GET /requests/{requestId}` */
export interface RequestDetailAnswer extends Page {
  meta: AnswerMeta;
  request: RequestRow;
  /** Whether the caller has `naap.raw.read`. */
  raw_readable: boolean;
  /** A page of them, oldest first by envelope time. */
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

export interface QuarantineRow extends MessagePlace {
  class: QuarantineClass;
  reason: string;
  /** The first 1024 bytes of the message; null without `naap.raw.read`. */
  raw_base64: string | null;
  /** Bytes of the message as it came in. */
  raw_length: number;
  /** Of the whole message, hex; null: it is kept whole. */
  raw_sha256: string | null;
  seen_at: string;
  source: string;
}

/** Query of `GET /quarantine`. */
export interface QuarantineQuery extends PageQuery {
  class?: QuarantineClass;
  reason?: string;
  /** Rows to leave out, from the start or from the cursor on. */
  offset?: number;
}

/** `GET /quarantine`, newest first. */
export interface QuarantineAnswer extends Page {
  /** Rows that match, on all pages. */
  total: number;
  /** Whether the caller has `naap.raw.read`. */
  raw_readable: boolean;
  rows: QuarantineRow[];
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
  /** p95 of (sync finished − came in) over the events that the served build took; null when it took none, or all again. */
  eventToServedP95Ms: number | null;
  loop: LoopState;
  storage: StorageState;
  /** Absent where the platform reads no topics of Kafka by itself. */
  kafka?: KafkaIntake;
}

/** How far the platform is with the topics of Kafka that it reads into its event log. */
export interface KafkaIntake {
  /** Connected, and asked the broker for messages in the last minute. */
  alive: boolean;
  /** Messages that wait in all partitions; null before the broker was asked. */
  lag: number | null;
  partitions: Array<{
    topic: string;
    partition: number;
    /** All below it is durable here; 64 bit, in decimal digits. */
    position: string;
    /** Where the partition ends. */
    end: string;
    lag: number;
  }>;
  /** What was wrong last, with what to do about it. */
  lastError: { message: string; at: string } | null;
}

/** How much room there is for events. */
export interface StorageState {
  freeBytes: number;
  /** New events are refused until there is more. */
  full: boolean;
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

/** What a caller may ask of one run; which of them a step knows is in its `parameters`. */
export interface StepArguments {
  /** `build`: everything anew instead of what changed. `replay`: also what the gate of today has judged. */
  full?: boolean;
  /** `build`: this model and its children anew, after what changed. */
  model?: string;
  /** `sync`: only these days, `YYYY-MM-DD`. */
  days?: string[];
  /** `replay`: only what came in from then on, ISO 8601. */
  from?: string;
  /** `replay`: only what came in before then, ISO 8601. */
  to?: string;
}

/** An argument that a step knows, for forms. */
export interface StepParameter {
  name: keyof StepArguments;
  type: 'flag' | 'model' | 'days' | 'time';
  title: string;
  description: string;
}

/** `lost`: the process that ran it died. */
export const RUN_STATES = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'lost',
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** Why there is a run. `recovery`: in place of one that was lost. */
export const RUN_TRIGGERS = [
  'manual',
  'action',
  'loop',
  'schedule',
  'retry',
  'recovery',
] as const;
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

/** One run of a step, as the portal's database keeps it. */
export interface Run {
  id: string;
  step: StepId;
  state: RunState;
  trigger: RunTrigger;
  /** Entity ref of a user, subject of a service, or `loop`. */
  startedBy: string;
  arguments: StepArguments;
  /** The run that this one repeats. */
  retryOf: string | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  durationMs: number | null;
  /** Rows that it wrote; null where a step counts none. */
  rows: number | null;
  /** Whether the next step had something to do. */
  changed: boolean | null;
  /** What the step reports of itself. */
  details: Record<string, unknown> | null;
  error: string | null;
}

export type RunLogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface RunLogLine {
  /** From 1, without holes. */
  seq: number;
  at: string;
  level: RunLogLevel;
  message: string;
}

/** `GET /steps`: one step of the pipeline. */
export interface StepInfo {
  id: StepId;
  title: string;
  description: string;
  /** Entity ref of the component that the step belongs to. */
  component: string | null;
  parameters: StepParameter[];
  /** Name of the permission that running it needs, and whether the caller has it. */
  permission: string;
  mayRun: boolean;
  running: Run | null;
  queued: number;
  lastRun: Run | null;
  lastSuccess: Run | null;
  /** Median duration of the last successful runs that changed something. */
  usualDurationMs: number | null;
  /** When it runs next by a schedule; null: when there is something to do. */
  nextRunAt: string | null;
}

export interface StepListAnswer {
  rows: StepInfo[];
}

/** `POST /steps/{step}/plan`: what a run would touch. */
export interface StepPlan {
  step: StepId;
  arguments: StepArguments;
  /** In a sentence. */
  summary: string;
  touches: Array<{
    kind: 'model' | 'day' | 'table';
    name: string;
    /** What it holds now; null: not known. */
    rows: number | null;
    note: string | null;
  }>;
}

/** `GET /runs`, newest first. */
export interface RunListAnswer extends Page {
  total: number;
  rows: Run[];
}

export interface RunListQuery extends PageQuery {
  step?: StepId;
  state?: RunState[];
  trigger?: RunTrigger[];
  /** Rows to leave out, from the start or from the cursor on. */
  offset?: number;
}

/** `GET /runs/{id}/log`; without a next page there are no more lines by now. */
export interface RunLogAnswer extends Page {
  rows: RunLogLine[];
  /** Whether the run has ended and these are the last lines. */
  done: boolean;
}

/** `missing`: nobody has made it. `unknown`: Kafka Connect does not answer. `unassigned`: no worker has it just now. */
export const CONNECTOR_STATES = [
  'running',
  'paused',
  'stopped',
  'failed',
  'unassigned',
  'restarting',
  'missing',
  'unknown',
] as const;
export type ConnectorState = (typeof CONNECTOR_STATES)[number];

/** A connector of Kafka Connect that writes the lake. */
export interface ConnectorInfo {
  name: string;
  /** Topics that it reads. */
  topics: string[];
  /** The table that it writes, such as `bronze.events`. */
  table: string | null;
  /** Of it and its tasks: failed when one of them has. */
  state: ConnectorState;
  /** What it failed of, in a line. */
  error: string | null;
  /** Records that it has yet to write; null: not known. */
  lag: number | null;
  /** When the table was last written; null: never, or not known. */
  committedAt: string | null;
  /** Settings that are not as declared; `connector`: it is missing. */
  drift: Array<{ what: string; is: string | null; should: string | null }>;
}

/** `GET /connectors`; no rows where no Kafka Connect is configured. */
export interface ConnectorListAnswer {
  rows: ConnectorInfo[];
  /** Records that could not be read; null: not known. */
  deadLetters: number | null;
  /** What could not be asked, and why; the rest is there. */
  problems: string[];
  /** What the caller may do. */
  may: Record<ConnectorAction, boolean>;
}

/** `POST /connectors/{connector}/{action}`: what Kafka Connect was told; it does so within seconds. */
export interface ConnectorActionAnswer {
  connector: string;
  action: ConnectorAction;
}

/** A record that a connector could not read. */
export interface DeadLetterRow {
  partition: number;
  /** 64 bit, in decimal digits. */
  offset: string;
  at: string;
  connector: string | null;
  /** Where it lies in the topic that the connector reads. */
  source: { topic: string; partition: number; offset: string } | null;
  /** What the connector was at, such as `VALUE_CONVERTER`. */
  stage: string | null;
  /** Class of the error. */
  error: string | null;
  /** Of the error; it may hold a piece of the record, so null without `naap.raw.read`. */
  message: string | null;
  /** The first 1024 bytes of the record; null without `naap.raw.read`. */
  raw_base64: string | null;
  raw_length: number;
}

/** `GET /dead-letters`, newest first. */
export interface DeadLetterAnswer {
  /** How many are kept. */
  total: number;
  /** Whether the caller has `naap.raw.read`. */
  raw_readable: boolean;
  rows: DeadLetterRow[];
}

/** The layers of the way of the data, left to right. */
export const LINEAGE_LAYERS = [
  'source',
  'topic',
  'gate',
  'bronze',
  'silver',
  'gold',
  'serving',
  'consumer',
] as const;
export type LineageLayer = (typeof LINEAGE_LAYERS)[number];

/** How a node of the lineage becomes an entity of the catalog. */
export interface LineageEntity {
  kind: 'Component' | 'Resource' | 'API';
  /** Name in the catalog, `[a-zA-Z0-9-_.]`, at most 63 characters. */
  name: string;
  type: string;
  tags: string[];
  /** Names of the parts that it rests on: what makes it, the database that it lies in. */
  restsOn?: string[];
}

/** Something that the catalog knows beside the nodes: what runs a step, a database. */
export interface LineagePart {
  kind: 'Component' | 'Resource';
  name: string;
  type: string;
  title: string;
  description: string;
  /** The step that belongs to it. */
  step: StepId | null;
  /** Names of the parts that it rests on. */
  restsOn?: string[];
}

/** Where a node stands; null where nobody knows. */
export interface LineageState {
  /** When what it holds was last written, and by which run. */
  updatedAt: string | null;
  runId: string | null;
  /** Whether that run ended well. */
  ok: boolean | null;
  rows: number | null;
  tests: { passed: number; failed: number; failing: string[] } | null;
}

/** Something that data passes or rests in. */
export interface LineageNode {
  /** Stable: `topic.network_events`, `bronze.events`, `model.naap.kpi_hourly`. */
  id: string;
  layer: LineageLayer;
  /** `topic`, `process`, `iceberg-table`, `dbt-model`, `dbt-seed`, `clickhouse-table`, `api`, `dashboard`. */
  type: string;
  title: string;
  description: string;
  /** The step that writes it. */
  step: StepId | null;
  /** Null: too fine for the catalog (staging models, scratch). */
  entity: LineageEntity | null;
  /** Whether there is more to ask for: columns, SQL. */
  detailed: boolean;
  state: LineageState | null;
}

/** `to` is made from `from`. */
export interface LineageEdge {
  from: string;
  to: string;
}

/** `GET /lineage`: a page of nodes, edges and parts, one list after the other. */
export interface LineageAnswer extends Page {
  nodes: LineageNode[];
  edges: LineageEdge[];
  parts: LineagePart[];
  /** What could not be read, and why; the rest is there. */
  problems: string[];
}

export interface LineageColumn {
  name: string;
  type: string | null;
  description: string | null;
  /** Columns that it is computed from; empty: of constants, or not known. */
  from: Array<{ node: string; column: string }>;
}

/** `GET /lineage/node?id=` */
export interface LineageNodeAnswer {
  node: LineageNode;
  columns: LineageColumn[];
  /** Source of the model, as written (Jinja). */
  sql: string | null;
  /** Path of the source in the repository. */
  path: string | null;
  tests: Array<{ name: string; passed: boolean | null }>;
}
