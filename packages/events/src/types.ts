import type { EventFamily, TraceSubtype } from './families';
import type { OrchestratorScrapeData } from './scrape';

/** A number that some exports write as text. */
export type NumberOrText = number | string;

/** Milliseconds of the unix epoch; a value under 10^11 is in seconds. */
export type UnixTime = NumberOrText;

/**
 * A message as a gateway publishes it: one Kafka record value, one line of an
 * export. `data` may come as JSON text of the same value.
 */
export interface Message<F extends EventFamily, D> {
  /** Random uuid; without one the message's content is its identity. */
  id?: string | null;
  type: F;
  /** The gateway's clock at publish. */
  timestamp: UnixTime;
  gateway?: string | null;
  data: D | string;
}

/** The orchestrator as the gateway knows it: `address` is its hot wallet. */
export interface OrchestratorInfo {
  address?: string | null;
  url?: string | null;
}

/** What the events of one request have in common. */
export interface RequestData {
  request_id: string;
  stream_id?: string | null;
  pipeline_id?: string | null;
  /** On the clock of whoever made the event. */
  timestamp?: UnixTime | null;
}

export interface StreamTraceData extends RequestData {
  type: TraceSubtype;
  orchestrator_info?: OrchestratorInfo | null;
  /** Only on swaps; despite its name a model id. */
  pipeline?: string | null;
  /** Only on swaps. */
  message?: string | null;
}

export type StreamState =
  | 'LOADING'
  | 'ONLINE'
  | 'DEGRADED_INPUT'
  | 'DEGRADED_INFERENCE'
  | 'OFFLINE'
  | 'ERROR';

/** All times on the runner's clock. All but `fps` outlive the request. */
export interface InferenceStatus {
  /** A JSON number in [0, 1000], never text. */
  fps?: number | null;
  last_output_time?: UnixTime | null;
  last_error?: string | null;
  last_error_time?: UnixTime | null;
  restart_count?: NumberOrText | null;
  last_restart_time?: UnixTime | null;
  last_restart_logs?: string[] | null;
  last_params?: unknown;
  last_params_hash?: string | null;
  last_params_update_time?: UnixTime | null;
}

export interface InputStatus {
  fps?: number | null;
  last_input_time?: UnixTime | null;
}

export interface AiStreamStatusData extends RequestData {
  type: 'status';
  /** Despite its name a model id. */
  pipeline?: string | null;
  state?: StreamState | null;
  start_time?: UnixTime | null;
  last_state_update_time?: UnixTime | null;
  last_status_timestamp?: UnixTime | null;
  inference_status?: InferenceStatus | null;
  input_status?: InputStatus | null;
  orchestrator_info?: OrchestratorInfo | null;
}

export interface AiStreamEventData extends RequestData {
  /** `error`, `params_update`, `restart` and whatever runners add. */
  type: string;
  /** Despite its name a model id. */
  pipeline?: string | null;
  message?: string | null;
  capability?: string | null;
  orchestrator_info?: OrchestratorInfo | null;
}

export interface TrackStats {
  type: 'video' | 'audio';
  /** Network jitter in ms: no KPI is made of it. */
  jitter?: NumberOrText | null;
  packets_lost?: NumberOrText | null;
  packets_received?: NumberOrText | null;
  packet_loss_pct?: NumberOrText | null;
  /** Nanoseconds. */
  rtt?: NumberOrText | null;
}

export interface StreamIngestMetricsData extends RequestData {
  stats?: {
    peer_conn_stats?: {
      ID?: string;
      BytesReceived?: NumberOrText;
      BytesSent?: NumberOrText;
    } | null;
    track_stats?: TrackStats[] | null;
    conn_quality?: 'good' | 'bad' | null;
  } | null;
}

/** A model as an orchestrator offers it; zero values are left out. */
export interface ModelCapability {
  warm?: boolean | null;
  /** Idle containers. */
  capacity?: NumberOrText | null;
  /** Busy containers. */
  capacityInUse?: NumberOrText | null;
  runnerVersion?: string | null;
}

export interface GpuInfo {
  id?: string;
  name?: string;
  major?: NumberOrText;
  minor?: NumberOrText;
  /** Bytes. */
  memory_total?: NumberOrText;
  /** Bytes. */
  memory_free?: NumberOrText;
}

export interface NetworkCapabilitiesEntry {
  /** The orchestrator's identity on the chain. */
  address: string;
  /** Its hot wallet. */
  local_address?: string | null;
  orch_uri?: string | null;
  capabilities?: {
    version?: string | null;
    constraints?: {
      PerCapability?: Record<
        string,
        { models?: Record<string, ModelCapability> | null }
      > | null;
    } | null;
  } | null;
  capabilities_prices?: unknown;
  hardware?: Array<{
    pipeline?: string | null;
    model_id?: string | null;
    gpu_info?: Record<string, GpuInfo> | null;
  }> | null;
}

export interface DiscoveryResultsEntry {
  address: string;
  url?: string | null;
  latency_ms?: NumberOrText | null;
}

/** All texts, with their units: `"2402400000000000 WEI"`, `"0.02 ETH"`. */
export interface CreateNewPaymentData {
  faceValue?: string | null;
  winProb?: string | null;
  price?: string | null;
  numTickets?: string | null;
  /** The orchestrator's URL. */
  orchestrator?: string | null;
  recipient?: string | null;
  sender?: string | null;
  /** Often empty. */
  requestID?: string | null;
  manifestID?: string | null;
  sessionID?: string | null;
  capability?: string | null;
  /** Personal: it stays in bronze. */
  clientIP?: string | null;
}

/** What a remote signer writes in place of a payment. */
export interface CreateSignedTicketData {
  session_id?: string | null;
  session_status?: 'new' | 'continuing';
  /** `pipeline/model`, mostly. */
  app?: string | null;
  pipeline?: string | null;
  /** The signer's own: it rarely names a stream. */
  request_id?: string | null;
  orch_address?: string | null;
  orch_url?: string | null;
  manifest_id?: string | null;
  /** Unix ms. */
  current_time_unix?: NumberOrText | null;
  billable_secs?: NumberOrText | null;
  pixels?: NumberOrText | null;
  /** Wei. */
  computed_fee?: string | null;
  num_tickets?: NumberOrText | null;
  /** Personal: it stays in bronze. */
  auth_id?: string | null;
}

/** The shape of `data` of every family. */
export interface EventData {
  stream_trace: StreamTraceData;
  ai_stream_status: AiStreamStatusData;
  ai_stream_events: AiStreamEventData;
  stream_ingest_metrics: StreamIngestMetricsData;
  network_capabilities: NetworkCapabilitiesEntry[] | NetworkCapabilitiesEntry;
  discovery_results: DiscoveryResultsEntry[] | DiscoveryResultsEntry;
  create_new_payment: CreateNewPaymentData;
  create_signed_ticket: CreateSignedTicketData;
  orchestrator_scrape: OrchestratorScrapeData;
}

/** Any message, told apart by `type`. */
export type NetworkEvent = {
  [F in EventFamily]: Message<F, EventData[F]>;
}[EventFamily];
