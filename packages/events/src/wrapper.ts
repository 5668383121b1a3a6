import { toMillis } from './time';

type JsonObject = Record<string, unknown>;

/** What an object without a `type` holds (kpis.md, section 7). */
export type Opened =
  /** It is a row of an events table: the message that its columns make. */
  | { row: JsonObject }
  /** It is the wrapper of another tool: what it wraps. */
  | {
      member: 'payload' | 'value';
      content: JsonObject;
      /** The content as it was written, where it is a text. */
      text: string | null;
      /** When the record came in by the wrapper, unix ms; null where it doesn't say. */
      cameIn: number | null;
    };

/** The column of an events table that stands for `id`. */
export const ROW_ID = 'event_id';

const ROW_TIME =
  /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,6})?)(Z|[+-]\d\d(?::?\d\d)?)?$/;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `event_ts` as a `timestamp`: unix ms of ISO 8601, else what it is. */
function rowTime(value: unknown): unknown {
  const parts = typeof value === 'string' ? ROW_TIME.exec(value) : null;
  if (!parts) return value;
  const [, day, clock, zone = 'Z'] = parts;
  const offset =
    zone === 'Z'
      ? zone
      : `${zone.slice(0, 3)}:${zone.slice(3).slice(-2) || '00'}`;
  // Date reads no more than milliseconds.
  const [seconds, fraction = ''] = clock.split('.');
  const whole = Date.parse(`${day}T${seconds}${offset}`);
  if (Number.isNaN(whole)) return value;
  // Of a day that no month has it makes one of the next.
  const isDay = new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  return isDay
    ? Math.round(whole + Number(`0.${fraction || 0}`) * 1000)
    : value;
}

function parsedObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** When a record came in; Kafka writes -1 where it doesn't know, other tools 0. */
function recordTime(ts: unknown): number | null {
  const time = toMillis(ts);
  return time !== null && time > 0 ? time : null;
}

/** @returns null when the object is neither a row nor a wrapper */
export function opened(outer: JsonObject): Opened | null {
  const { event_type: type, data } = outer;
  if (
    typeof type === 'string' &&
    type !== '' &&
    data !== undefined &&
    data !== null
  ) {
    const { [ROW_ID]: id, event_ts: time, gateway } = outer;
    return { row: { id, type, timestamp: rowTime(time), gateway, data } };
  }
  for (const member of ['payload', 'value'] as const) {
    const value = outer[member];
    const text = typeof value === 'string' ? value.toWellFormed() : null;
    const content = text === null ? value : parsedObject(text);
    if (isObject(content)) {
      return { member, content, text, cameIn: recordTime(outer.ts) };
    }
  }
  return null;
}
