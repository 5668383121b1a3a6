/** The families of events that the platform takes, by the `type` of the envelope. */
export const EVENT_FAMILIES = [
  'stream_trace',
  'ai_stream_status',
  'ai_stream_events',
  'stream_ingest_metrics',
  'network_capabilities',
  'discovery_results',
  'create_new_payment',
  'create_signed_ticket',
  'orchestrator_scrape',
] as const;

export type EventFamily = (typeof EVENT_FAMILIES)[number];

/** The values of `data.type` of a `stream_trace` that have a meaning here. */
export const TRACE_SUBTYPES = [
  'gateway_receive_stream_request',
  'gateway_send_first_ingest_segment',
  'gateway_receive_first_processed_segment',
  'gateway_receive_few_processed_segments',
  'gateway_receive_first_data_segment',
  'gateway_ingest_stream_closed',
  'gateway_no_orchestrators_available',
  'orchestrator_swap',
  'runner_receive_stream_request',
  'runner_receive_first_ingest_segment',
  'runner_send_first_processed_segment',
] as const;

export type TraceSubtype = (typeof TRACE_SUBTYPES)[number];
