import { RequestEvent } from '@naap/plugin-naap-common';
import { formatValue } from '../lib/format';

export type JsonObject = { [key: string]: unknown };

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The `data` of a raw message; an empty object where it cannot be read. The message comes from outside and may be any
 * text: nothing in it is taken for granted.
 */
export function eventData(raw: string): JsonObject {
  let message: unknown;
  try {
    message = JSON.parse(raw);
    // An export of a Kafka UI wraps the message; some gateways send `data` as text.
    if (isObject(message) && isObject(message.value)) {
      message = message.value;
    }
    if (isObject(message) && typeof message.data === 'string') {
      message = { data: JSON.parse(message.data) };
    }
  } catch {
    return {};
  }
  return isObject(message) && isObject(message.data) ? message.data : {};
}

/** A text inside of an object, or null. */
export function textAt(object: unknown, key: string): string | null {
  const value = isObject(object) ? object[key] : undefined;
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A finite number inside of an object, or null. */
export function numberAt(object: unknown, key: string): number | null {
  const value = isObject(object) ? object[key] : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** An object inside of an object, or an empty one. */
export function objectAt(object: unknown, key: string): JsonObject {
  const value = isObject(object) ? object[key] : undefined;
  return isObject(value) ? value : {};
}

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
  const data = eventData(event.raw);
  if (event.type === 'ai_stream_status') {
    const fps = numberAt(objectAt(data, 'inference_status'), 'fps');
    return [textAt(data, 'state'), fps !== null && formatValue(fps, 'fps')]
      .filter(Boolean)
      .join(', ');
  }
  return textAt(data, 'message');
}
