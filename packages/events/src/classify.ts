import { isUtf8 } from 'node:buffer';
import { EVENT_FAMILIES, EventFamily, TRACE_SUBTYPES } from './families';
import { canonicalJson, contentIdentity } from './identity';
import { membersOf, Span } from './members';
import { isName, nameOrNull } from './names';
import { toMillis } from './time';
import { opened, ROW_ID } from './wrapper';

/**
 * Which rules `classify` judges by, counted up with every change of kpis.md that
 * gives a message another class or other columns. Rows of before it was kept
 * are of version 1.
 */
export const GATE_VERSION = 2;

/** The largest message that is taken, in bytes; of a wrapper, its content. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;
/** The largest wrapper that is opened, in bytes: a text in it may take six times as many to write. */
export const MAX_WRAPPER_BYTES = 8 * MAX_MESSAGE_BYTES;

const FIRST_TIMESTAMP = Date.UTC(2020, 0, 1);
const DAY_MS = 24 * 60 * 60 * 1000;
/** An event's own clock counts if it is this near to the gateway's. */
const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;
const MAX_FPS = 1000;

export type RejectedReason =
  | 'too_large'
  | 'not_json'
  | 'repeated_name'
  | 'not_an_object'
  | 'missing_type'
  | 'missing_data'
  | 'bad_timestamp'
  | 'forwarded'
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
      /** Whether `raw` is what came in, byte for byte: no wrapper, and no bytes that are no UTF-8. */
      verbatim: boolean;
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

/** A text as it can be kept: half of a surrogate pair, which UTF-8 cannot hold, is U+FFFD. Null when it is none. */
function textOrNull(value: unknown): string | null {
  return isText(value) ? value.toWellFormed() : null;
}

function keptName(value: unknown): string | null {
  return nameOrNull(value)?.toWellFormed() ?? null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether bytes or text are over a limit, without encoding short text. */
function isOver(limit: number, raw: string | Uint8Array): boolean {
  if (raw.length > limit) return true;
  return (
    typeof raw === 'string' &&
    raw.length * 3 > limit &&
    Buffer.byteLength(raw) > limit
  );
}

/** The text of bytes, U+FFFD for each maximal part that is no UTF-8, and whether there was none. */
function decode(bytes: Uint8Array): { text: string; valid: boolean } {
  const text = Buffer.from(
    bytes.buffer,
    bytes.byteOffset,
    bytes.byteLength,
  ).toString('utf8');
  // Only a replacement character can hide bytes that are no UTF-8.
  return { text, valid: !text.includes('\ufffd') || isUtf8(bytes) };
}

/** Families in which only the gateway or the scraper may speak. */
const OF_GATEWAY_ALONE = new Set<EventFamily>([
  'network_capabilities',
  'discovery_results',
  'create_new_payment',
  'create_signed_ticket',
  'orchestrator_scrape',
]);

function namesOrchestrator(value: unknown): boolean {
  return (
    isObject(value) &&
    value.orchestrator_info !== undefined &&
    value.orchestrator_info !== null
  );
}

/** Whether a gateway forwarded it for a runner: it adds `orchestrator_info` to what it does so. */
function isForwarded(family: EventFamily, data: unknown): boolean {
  return (
    OF_GATEWAY_ALONE.has(family) &&
    (namesOrchestrator(data) ||
      (Array.isArray(data) && data.some(namesOrchestrator)))
  );
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
      // An entry without an address says nothing: silver leaves it out.
      return Array.isArray(data) ? data.every(isObject) : hasAddress(data);
    // The contract names no minimum for these.
    case 'create_new_payment':
    case 'create_signed_ticket':
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

/** From here on the digits of a whole number are as they were written: a number may exceed doubles. */
const FIRST_LONG_NUMBER = 1e15;

/** Its id, or the hash of what came in. */
function identity({ raw, whole, message }: Read): string {
  const { id } = message;
  if (isName(id)) return id.toWellFormed();
  if (id === undefined || id === null || typeof id === 'string') {
    return contentIdentity(whole);
  }
  const isLong = typeof id === 'number' && Math.abs(id) >= FIRST_LONG_NUMBER;
  const member = message === whole ? 'id' : ROW_ID;
  const span = isLong ? membersOf(raw, member).span : null;
  const text = span ? raw.slice(span.start, span.end) : canonicalJson(id);
  return nameOrNull(text) ?? contentIdentity(whole);
}

type DataColumns = Pick<BronzeEvent, 'data' | 'envelope' | 'data_at'>;

function dataColumns({ raw, message, span }: Read): DataColumns {
  const { data } = message;
  if (typeof data === 'string') {
    return { data: data.toWellFormed(), envelope: raw, data_at: null };
  }
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

/** A message that is JSON and out of its wrapper. */
interface Read {
  raw: string;
  verbatim: boolean;
  /** What `raw` says. */
  whole: JsonObject;
  /** `whole`, or what its columns stand for. */
  message: JsonObject;
  /** Of `data` in `raw`. */
  span: Span | null;
  /** `data`, decoded if it came as text; undefined when that is no JSON. */
  decoded: unknown;
  /** Unix ms. */
  cameIn: number;
}

function classifyMessage(read: Read): Classification {
  const { message, decoded } = read;
  const { type, data } = message;
  if (!isText(type)) return rejected('missing_type');
  if (data === undefined || data === null) return rejected('missing_data');
  const envelopeTime = toMillis(message.timestamp);
  if (
    envelopeTime === null ||
    envelopeTime < FIRST_TIMESTAMP ||
    envelopeTime > read.cameIn + DAY_MS
  ) {
    return rejected('bad_timestamp');
  }

  if (!families.has(type)) return ignored('unsupported_type');
  const family = type as EventFamily;
  const dataType = isObject(decoded) ? textOrNull(decoded.type) : null;
  if (
    family === 'stream_trace' &&
    dataType !== null &&
    !traceSubtypes.has(dataType)
  ) {
    return ignored('unsupported_subtype');
  }
  if (isForwarded(family, decoded)) return rejected('forwarded');
  if (decoded === undefined || !meetsMinimum(family, decoded)) {
    return rejected('schema');
  }

  const columns = dataColumns(read);
  return {
    class: 'accepted',
    raw: read.raw,
    verbatim: read.verbatim,
    event: {
      event_id: identity(read),
      type: family,
      subtype: hasSubtype(family) ? dataType : null,
      event_time: eventTime(decoded, envelopeTime),
      envelope_time: envelopeTime,
      gateway: keptName(message.gateway),
      stream_id: isObject(decoded) ? keptName(decoded.stream_id) : null,
      request_id: isObject(decoded) ? keptName(decoded.request_id) : null,
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
 * A wrapper of another tool (an object without a `type`, section 7) is taken
 * off first; the message in it is judged at the time at which the wrapper says
 * that it came in, if it says one.
 *
 * @param raw - the message: UTF-8 bytes, or text
 * @param receivedAt - when it came in, unix ms
 */
export function classify(
  raw: string | Uint8Array,
  receivedAt: number,
): Classification {
  const isLarge = isOver(MAX_MESSAGE_BYTES, raw);
  if (isLarge && isOver(MAX_WRAPPER_BYTES, raw)) return rejected('too_large');
  const { text, valid } =
    typeof raw === 'string' ? { text: raw, valid: true } : decode(raw);
  const outer = parse(text);
  if (outer === undefined) return rejected(isLarge ? 'too_large' : 'not_json');

  const found =
    isObject(outer) && outer.type === undefined ? opened(outer) : null;
  let whole = outer;
  let message = outer;
  let inner = text;
  let cameIn = receivedAt;
  let verbatim = valid;
  let repeated = false;
  if (found && 'row' in found) message = found.row;
  if (found && 'content' in found) {
    const around = membersOf(text, found.member);
    repeated = around.repeated;
    inner = found.text ?? text.slice(around.span?.start, around.span?.end);
    whole = found.content;
    message = found.content;
    cameIn = Math.min(receivedAt, found.cameIn ?? receivedAt);
    verbatim = false;
  }
  if (isLarge && isOver(MAX_MESSAGE_BYTES, inner)) return rejected('too_large');

  const members = membersOf(inner, 'data');
  const data = isObject(message) ? message.data : undefined;
  // Half of a pair in the text is U+FFFD before the text is read: else it may make a pair with half of one in there.
  const dataText = typeof data === 'string' ? data.toWellFormed() : null;
  const decoded = dataText === null ? data : parse(dataText);
  if (
    repeated ||
    members.repeated ||
    (dataText !== null && decoded !== undefined && membersOf(dataText).repeated)
  ) {
    return rejected('repeated_name');
  }
  if (!isObject(whole) || !isObject(message)) return rejected('not_an_object');
  return classifyMessage({
    raw: inner,
    verbatim,
    whole,
    message,
    span: members.span,
    decoded,
    cameIn,
  });
}
