import { RequestEvent, RequestRow } from '@naap/plugin-naap-common';
import { eventData, objectAt, textAt } from './parseEvent';

/** The two events that a duration was computed from. */
export interface Evidence {
  from: RequestEvent;
  to: RequestEvent;
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
      ? events.filter(event => urlOf(event) === request.orch_uri)
      : events;
  const from = firstEdge(candidates, EDGES[fact].from);
  const to = firstEdge(candidates, EDGES[fact].to);
  if (!from || !to) {
    return null;
  }
  const difference = Date.parse(to.event_time) - Date.parse(from.event_time);
  return Math.abs(difference - value) < 1.5 ? { from, to } : null;
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

function urlOf(event: RequestEvent): string | null {
  const info = objectAt(eventData(event.raw), 'orchestrator_info');
  return textAt(info, 'url')?.toLowerCase().replace(/\/+$/, '') ?? null;
}
