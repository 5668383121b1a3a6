import { isUtf8 } from 'node:buffer';
import { EVENT_FAMILIES, EventFamily, TRACE_SUBTYPES } from './families';
import { contentIdentity } from './identity';
import { lastMemberSpan } from './lastMemberSpan';
import { memberSpan } from './memberSpan';
import { isName, nameOrNull } from './names';
import { toMillis } from './time';

/** The largest message that is taken, in bytes. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

const FIRST_TIMESTAMP = Date.UTC(2020, 0, 1);
const DAY_MS = 24 * 60 * 60 * 1000;
/** An event's own clock counts if it is this near to the gateway's. */
const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;
const MAX_FPS = 1000;

export type RejectedReason =
  | 'too_large'
  | 'not_json'
  | 'not_an_object'
  | 'missing_type'
  | 'missing_data'
  | 'bad_timestamp'
  | 'schema';

export type IgnoredReason = 'unsupported_type' | 'unsupported_subtype';

/** An accepted message, by the columns of the lake. Nothing is normalised. */
export interface BronzeEvent {
  /** The message's id, or `sha256:` and a hash of its content. */
  event_id: string;
  type: EventFamily;
  /** `data.type` of traces, statuses and stream events. */
  subtype: string | null;
  /** Unix ms: the event's own clock if it is plausible, else the gateway's. */
  event_time: number;
  /** Unix ms: the gateway's clock at publish. */
  envelope_time: number;
  gateway: string | null;
  stream_id: string | null;
  request_id: string | null;
  /** JSON text of `data`, decoded if it came as text. */
  data: string;
  /** The message without the value of `data`, or whole: see `splice`. */
  envelope: string;
  /** Character of `envelope` at which `data` was cut out; null: whole. */
  data_at: number | null;
}

export type Classification =
  | {
      class: 'accepted';
      event: BronzeEvent;
      /** The message itself, out of the wrapper that it may have come in. */
      raw: string;
      wrapped: boolean;
    }
  | { class: 'ignored'; reason: IgnoredReason }
  | { class: 'rejected'; reason: RejectedReason };

type JsonObject = Record<string, unknown>;

const families = new Set<string>(EVENT_FAMILIES);
const traceSubtypes = new Set<string>(TRACE_SUBTYPES);

function rejected(reason: RejectedReason): Classification {
  return { class: 'rejected', reason };
}

function ignored(reason: IgnoredReason): Classification {
  return { class: 'ignored', reason };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function textOrNull(value: unknown): string | null {
  return isText(value) ? value : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether bytes or text are over the limit, without encoding short text. */
function isTooLarge(raw: string | Uint8Array): boolean {
  if (raw.length > MAX_MESSAGE_BYTES) return true;
  return (
    typeof raw === 'string' &&
    raw.length * 3 > MAX_MESSAGE_BYTES &&
    Buffer.byteLength(raw) > MAX_MESSAGE_BYTES
  );
}

/** The text of UTF-8 bytes, or undefined if they are something else. */
function decode(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(
    bytes.buffer,
    bytes.byteOffset,
    bytes.byteLength,
  ).toString('utf8');
  // Only a replacement character can hide bytes that are no UTF-8.
  return text.includes('\ufffd') && !isUtf8(bytes) ? undefined : text;
}

/** Whether `data` meets the minimum of its family (kpis.md, section 1). */
function meetsMinimum(family: EventFamily, data: unknown): boolean {
  switch (family) {
    case 'stream_trace':
    case 'ai_stream_events':
      return isObject(data) && isName(data.request_id) && isText(data.type);
    case 'ai_stream_status':
      return (
        isObject(data) &&
        isName(data.request_id) &&
        isText(data.type) &&
        hasPlausibleFps(data.inference_status)
      );
    case 'stream_ingest_metrics':
      return isObject(data) && isName(data.request_id);
    case 'network_capabilities':
    case 'discovery_results':
      return Array.isArray(data) ? data.every(hasAddress) : hasAddress(data);
    // The contract names no minimum for these.
    case 'create_new_payment':
    case 'orchestrator_scrape':
      return true;
    default:
      return false;
  }
}

function hasAddress(entry: unknown): boolean {
  return isObject(entry) && isName(entry.address);
}

function hasPlausibleFps(inferenceStatus: unknown): boolean {
  if (!isObject(inferenceStatus)) return true;
  const { fps } = inferenceStatus;
  return (
    fps === undefined ||
    fps === null ||
    (typeof fps === 'number' && fps >= 0 && fps <= MAX_FPS)
  );
}

function hasSubtype(family: EventFamily): boolean {
  return (
    family === 'stream_trace' ||
    family === 'ai_stream_status' ||
    family === 'ai_stream_events'
  );
}

function eventTime(data: unknown, envelopeTime: number): number {
  if (!isObject(data)) return envelopeTime;
  const time = toMillis(data.timestamp);
  return time !== null && Math.abs(time - envelopeTime) <= CLOCK_TOLERANCE_MS
    ? time
    : envelopeTime;
}

/** `id` as it is written in the message: a number may exceed doubles. */
function identity(message: JsonObject, raw: string): string {
  const { id } = message;
  if (isName(id)) return id.toWellFormed();
  if (id === undefined || id === null || typeof id === 'string') {
    return contentIdentity(message);
  }
  const span = memberSpan(raw, 'id');
  const text = span ? raw.slice(span.start, span.end) : '';
  return nameOrNull(text) ?? contentIdentity(message);
}

type DataColumns = Pick<BronzeEvent, 'data' | 'envelope' | 'data_at'>;

function dataColumns(raw: string, message: JsonObject): DataColumns {
  const { data } = message;
  if (typeof data === 'string') {
    return { data: data.toWellFormed(), envelope: raw, data_at: null };
  }
  const span = lastMemberSpan(raw, message, 'data') ?? memberSpan(raw, 'data');
  if (!span) throw new Error('data is in the message but not in its text');
  const text = raw.slice(span.start, span.end);
  return span.asciiBefore
    ? {
        data: text,
        envelope: raw.slice(0, span.start) + raw.slice(span.end),
        data_at: span.start,
      }
    : { data: text, envelope: raw, data_at: null };
}

/** Classifies one message that is out of its wrapper. */
function classifyMessage(
  raw: string,
  message: JsonObject,
  wrapped: boolean,
  receivedAt: number,
): Classification {
  const { type, data } = message;
  if (!isText(type)) return rejected('missing_type');
  if (data === undefined || data === null) return rejected('missing_data');
  const envelopeTime = toMillis(message.timestamp);
  if (
    envelopeTime === null ||
    envelopeTime < FIRST_TIMESTAMP ||
    envelopeTime > receivedAt + DAY_MS
  ) {
    return rejected('bad_timestamp');
  }

  if (!families.has(type)) return ignored('unsupported_type');
  const family = type as EventFamily;
  const decoded = typeof data === 'string' ? parse(data) : data;
  const dataType = isObject(decoded) ? textOrNull(decoded.type) : null;
  if (
    family === 'stream_trace' &&
    dataType !== null &&
    !traceSubtypes.has(dataType)
  ) {
    return ignored('unsupported_subtype');
  }
  if (decoded === undefined || !meetsMinimum(family, decoded)) {
    return rejected('schema');
  }

  const columns = dataColumns(raw, message);
  return {
    class: 'accepted',
    raw,
    wrapped,
    event: {
      event_id: identity(message, raw),
      type: family,
      subtype: hasSubtype(family) ? dataType : null,
      event_time: eventTime(decoded, envelopeTime),
      envelope_time: envelopeTime,
      gateway: nameOrNull(message.gateway),
      stream_id: isObject(decoded) ? nameOrNull(decoded.stream_id) : null,
      request_id: isObject(decoded) ? nameOrNull(decoded.request_id) : null,
      data: columns.data,
      envelope: columns.envelope,
      data_at: columns.data_at,
    },
  };
}

/**
 * Says what becomes of one message, by section 1 of kpis.md; the first check
 * that holds decides. Whether it is a duplicate only a log can say.
 *
 * A `{"value": …}` wrapper (an export of a Kafka UI) is taken off first: it is
 * an object without a `type` whose `value` is an object or a text. Its size is
 * that of what came in.
 *
 * @param raw - the message: UTF-8 bytes, or text
 * @param receivedAt - when it came in, unix ms
 */
export function classify(
  raw: string | Uint8Array,
  receivedAt: number,
): Classification {
  if (isTooLarge(raw)) return rejected('too_large');
  const text = typeof raw === 'string' ? raw : decode(raw);
  if (text === undefined) return rejected('not_json');
  const outer = parse(text);
  if (outer === undefined) return rejected('not_json');
  if (!isObject(outer)) return rejected('not_an_object');
  if (outer.type !== undefined || outer.value === undefined) {
    return classifyMessage(text, outer, false, receivedAt);
  }

  const { value } = outer;
  if (isObject(value)) {
    const span = memberSpan(text, 'value');
    const inner = span ? text.slice(span.start, span.end) : text;
    return classifyMessage(inner, value, true, receivedAt);
  }
  if (typeof value !== 'string') return rejected('missing_type');
  const inner = value.toWellFormed();
  const message = parse(inner);
  if (message === undefined) return rejected('not_json');
  return isObject(message)
    ? classifyMessage(inner, message, true, receivedAt)
    : rejected('not_an_object');
}
