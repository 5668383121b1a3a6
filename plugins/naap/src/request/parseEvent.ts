import { RequestEvent } from '@naap/plugin-naap-common';
import { formatValue } from '../lib/format';

/** The raw message indented for reading; as it is, where it is not JSON. */
export function prettyRaw(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}

/** What happened, in a few words. */
export function eventLabel(event: RequestEvent): string {
  return (event.subtype ?? event.type).replaceAll('_', ' ');
}

/** How long after the stream request it was, by its own clock: `+2.655 s`. */
export function offsetText(event: RequestEvent, requestedAt: string): string {
  const seconds =
    (Date.parse(event.event_time) - Date.parse(requestedAt)) / 1000;
  return `${seconds < 0 ? '−' : '+'}${Math.abs(seconds).toFixed(3)}\u202fs`;
}

/** What the event says, in a line: the state and FPS of a status, the message of an error or a swap. */
export function eventSummary(event: RequestEvent): string | null {
  return event.type === 'ai_stream_status'
    ? [event.state, event.fps !== null && formatValue(event.fps, 'fps')]
        .filter(Boolean)
        .join(', ')
    : event.message;
}
