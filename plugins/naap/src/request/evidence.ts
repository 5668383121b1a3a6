import { RequestEvent, RequestRow } from '@naap/plugin-naap-common';

/** The two events that a duration was computed from, or the first and the last of the samples of a figure. */
export interface Evidence {
  from: RequestEvent;
  to: RequestEvent;
  /** What of the last one counts, where it is not its own time. */
  note?: string;
}

export type DurationFact = 'ptff_ms' | 'e2e_ms' | 'startup_ms';

const EDGES: Record<DurationFact, { from: string; to: string }> = {
  ptff_ms: {
    from: 'gateway_receive_stream_request',
    to: 'gateway_receive_first_processed_segment',
  },
  e2e_ms: {
    from: 'gateway_send_first_ingest_segment',
    to: 'gateway_receive_first_processed_segment',
  },
  startup_ms: {
    from: 'gateway_receive_stream_request',
    to: 'gateway_receive_few_processed_segments',
  },
};

/** Times are rounded to the millisecond. */
const ROUNDING_MS = 1.5;

/**
 * The events behind a duration, by the rules of kpis.md §2 and §3: of an edge that repeats the smallest event time,
 * for E2E only edges of the request's own URL. Null when the two do not give the stored value (the startup of an
 * overlay request comes from inside a status): better no evidence than a wrong one.
 */
export function evidenceOf(
  fact: DurationFact,
  request: RequestRow,
  events: readonly RequestEvent[],
): Evidence | null {
  const value = request[fact];
  if (value === null) {
    return null;
  }
  const candidates =
    fact === 'e2e_ms'
      ? events.filter(event => event.orch_uri === request.orch_uri)
      : events;
  const from = firstEdge(candidates, EDGES[fact].from);
  const to = firstEdge(candidates, EDGES[fact].to);
  if (from && to) {
    const difference = Date.parse(to.event_time) - Date.parse(from.event_time);
    if (Math.abs(difference - value) < ROUNDING_MS) {
      return { from, to };
    }
  }
  return fact === 'startup_ms' && request.overlay && from
    ? overlayStartup(value, from, events)
    : null;
}

const RUNNING = ['ONLINE', 'DEGRADED_INFERENCE'];

/** The status that ended the startup of a request with loading overlay: when its state began, by the envelope. */
function overlayStartup(
  value: number,
  from: RequestEvent,
  events: readonly RequestEvent[],
): Evidence | null {
  const first = firstEdge(events, 'gateway_receive_first_processed_segment');
  const to = events.find(
    event =>
      first &&
      event.type === 'ai_stream_status' &&
      event.envelope_time >= first.envelope_time &&
      RUNNING.includes(event.state ?? '') &&
      event.last_output_at !== null &&
      event.started_at !== null &&
      event.last_output_at >= event.started_at,
  );
  if (!to || to.said_at === null || to.state_since === null) {
    return null;
  }
  const difference =
    Date.parse(to.envelope_time) -
    (Date.parse(to.said_at) - Date.parse(to.state_since)) -
    Date.parse(from.event_time);
  return Math.abs(difference - value) < ROUNDING_MS
    ? { from, to, note: 'when its state began' }
    : null;
}

/** The network of the user limits the frames, so they say nothing of how steady the orchestrator is. */
const DEGRADED_INPUT = 'DEGRADED_INPUT';
const NO_OUTPUT = ['LOADING', 'OFFLINE', 'ERROR'];

/**
 * The first and the last output sample of a request (kpis.md §2). Null when the samples found do not give the stored
 * number: better no evidence than a wrong one.
 */
export function samplesBehind(
  fact: 'fps_mean' | 'jitter',
  request: RequestRow,
  events: readonly RequestEvent[],
): Evidence | null {
  const value = request[fact];
  const samples = outputSamples(events).filter(
    ({ event }) =>
      fact === 'fps_mean' ||
      (event.orch_uri === request.orch_uri && event.state !== DEGRADED_INPUT),
  );
  if (value === null || samples.length === 0) {
    return null;
  }
  const mean = samples.reduce((sum, { fps }) => sum + fps, 0) / samples.length;
  const deviation = Math.sqrt(
    samples.reduce((sum, { fps }) => sum + (fps - mean) ** 2, 0) /
      samples.length,
  );
  const found = fact === 'fps_mean' ? mean : deviation / mean;
  return Math.abs(found - value) <= 1e-6 * Math.max(1, Math.abs(value))
    ? { from: samples[0].event, to: samples[samples.length - 1].event }
    : null;
}

function outputSamples(
  events: readonly RequestEvent[],
): Array<{ event: RequestEvent; fps: number }> {
  const close = events.find(
    event =>
      event.type === 'stream_trace' &&
      event.subtype === 'gateway_ingest_stream_closed',
  );
  const began = new Set<string | null>();
  return events.flatMap(event => {
    const { fps, orch_uri: url } = event;
    if (
      event.type !== 'ai_stream_status' ||
      fps === null ||
      NO_OUTPUT.includes(event.state ?? '') ||
      (close && event.envelope_time > close.envelope_time) ||
      // No window yet: a stall counts only after output began.
      (fps === 0 && !began.has(url))
    ) {
      return [];
    }
    began.add(url);
    return [{ event, fps }];
  });
}

function firstEdge(
  events: readonly RequestEvent[],
  subtype: string,
): RequestEvent | undefined {
  return events
    .filter(event => event.type === 'stream_trace' && event.subtype === subtype)
    .reduce<RequestEvent | undefined>(
      (first, event) =>
        first && first.event_time <= event.event_time ? first : event,
      undefined,
    );
}
