import { splice } from '@naap/events';
import {
  type EventFacts,
  FACT_PATHS,
  type MessagePlace,
  type QuarantinedMessage,
  type RawEvent,
} from './BronzeReader';

/** Bytes of a message that are shown in a list. */
export const SHOWN_BYTES = 1024;
/** Messages in an answer are read as long as they are so many bytes in all. */
const MAX_BYTES_READ = 64 * 1024 * 1024;
/** Of longer data no facts are read: each of it is parsed whole. */
export const MAX_PARSED_BYTES = 1024 * 1024;

/** A whole number as an engine gives it. */
type Whole = number | bigint;

/** Where a message lies, as an engine gives it. */
export type PlaceRow = Record<'partition' | 'offset', Whole> & {
  topic: string;
};

/** An event as an engine gives it. */
export interface EventRow
  extends PlaceRow,
    Pick<
      RawEvent,
      | 'event_id'
      | 'type'
      | 'subtype'
      | 'gateway'
      | 'stream_id'
      | 'request_id'
      | 'source'
    > {
  event_time: Date;
  envelope_time: Date;
  ingested_at: Date;
  /** At least their first `SHOWN_BYTES` characters. */
  envelope: string;
  data: string;
  /** Character of the envelope at which the data was cut out; null: the envelope is the whole message. */
  data_at: number | null;
  /** Bytes of the message. */
  length: Whole;
  /**
   * What is at `FACT_PATHS`: of a text a quote and its beginning, of anything else its JSON, null where nothing is. Null
   * where the data is no JSON, or too long.
   */
  said: Array<string | null> | null;
}

/** A quarantined message as an engine gives it, of the bytes the first `SHOWN_BYTES`. */
export interface QuarantineRow
  extends PlaceRow,
    Pick<
      QuarantinedMessage,
      'class' | 'reason' | 'raw' | 'raw_sha256' | 'source'
    > {
  raw_length: Whole;
  seen_at: Date;
}

/**
 * Unix ms of an ISO 8601 time; undefined where none is asked for.
 *
 * @throws RangeError that names the bound
 */
export function timeOf(
  text: string | undefined,
  name: string,
): number | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) {
    throw new RangeError(`'${name}' must be an ISO 8601 time, not '${text}'`);
  }
  return ms;
}

/** The first messages, at least one, whose texts can be read together. */
export function readable<Row extends { length: Whole }>(found: Row[]): Row[] {
  let bytes = 0;
  const end = found.findIndex(({ length }, i) => {
    bytes += Number(length);
    return i > 0 && bytes > MAX_BYTES_READ;
  });
  return end < 0 ? found : found.slice(0, end);
}

export function placeOf({ topic, partition, offset }: PlaceRow): MessagePlace {
  return { topic, partition: Number(partition), offset: Number(offset) };
}

const keyOf = ({ topic, partition, offset }: PlaceRow) =>
  `${partition} ${offset} ${topic}`;

/** Only the rows that lie at these places: offsets alone, which engines prune files by, are unique within a partition. */
export function onlyAt<Row extends PlaceRow>(
  places: PlaceRow[],
  rows: Row[],
): Row[] {
  const wanted = new Set(places.map(keyOf));
  return rows.filter(row => wanted.has(keyOf(row)));
}

export function toRawEvent(row: EventRow): RawEvent {
  const { event_id, type, subtype, gateway, stream_id, request_id, source } =
    row;
  return {
    event_id,
    type,
    subtype,
    event_time: row.event_time.toISOString(),
    envelope_time: row.envelope_time.toISOString(),
    gateway,
    stream_id,
    request_id,
    ...placeOf(row),
    ingested_at: row.ingested_at.toISOString(),
    source,
    raw: beginningOf(row),
    raw_length: Number(row.length),
    facts: Object.fromEntries(
      Object.keys(FACT_PATHS).map((name, i) => [
        name,
        factOf(row.said?.[i] ?? null),
      ]),
    ) as EventFacts,
  };
}

export function toQuarantinedMessage(row: QuarantineRow): QuarantinedMessage {
  return {
    class: row.class,
    reason: row.reason,
    raw: row.raw,
    raw_length: Number(row.raw_length),
    raw_sha256: row.raw_sha256,
    seen_at: row.seen_at.toISOString(),
    ...placeOf(row),
    source: row.source,
  };
}

/** The beginning of a text in UTF-8, without half a character at its end. */
function beginning(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= SHOWN_BYTES) return text;
  return new TextDecoder().decode(bytes.subarray(0, SHOWN_BYTES), {
    stream: true,
  });
}

/** The beginning of a message of which the beginnings of both parts are known. */
function beginningOf({ envelope, data, data_at: at }: EventRow): string {
  const isWithin = at !== null && at <= envelope.length;
  return beginning(isWithin ? splice(envelope, data, at) : envelope);
}

/** What was said at a path, as it was said. */
function factOf(said: string | null): string | number | null {
  if (said === null) return null;
  if (said.startsWith('"')) return beginning(said.slice(1));
  const number = Number(said);
  return /^-?\d/.test(said) && Number.isFinite(number) ? number : null;
}
