import {
  BronzeEvent,
  classify,
  IgnoredReason,
  RejectedReason,
} from '@naap/events';
import { cut, CutMessage, Message } from '../message';

/** The columns of an accepted message, but for what is in its bytes. */
export type EventColumns = Omit<BronzeEvent, 'data' | 'envelope'>;

/**
 * An accepted message that waits for the log. It holds the bytes that came in
 * and not the texts made of them, which are garbage at once: they would have
 * to be moved by every collection until the batch is written.
 */
export interface AcceptedEntry {
  class: 'accepted';
  event: EventColumns;
  /** The message, out of its wrapper. */
  raw: Buffer;
  /** Where in `raw` the value of `data` ends, if it was cut out. */
  dataEnd: number;
  /** `data`, if it was not cut out of `raw`. */
  data: string | null;
}

export interface QuarantinedEntry {
  class: 'ignored' | 'rejected';
  reason: IgnoredReason | RejectedReason;
  /** The message as it came in; the beginning of one that is too large. */
  raw: Buffer;
  /** Bytes that came in. */
  length: number;
  /** SHA-256 of the message, hex; null where `raw` is all of it. */
  sha256: string | null;
}

export type Entry = AcceptedEntry | QuarantinedEntry;

/** A copy member by member, as spreading costs as much as classifying. */
function columnsOf(event: BronzeEvent): EventColumns {
  return {
    event_id: event.event_id,
    type: event.type,
    subtype: event.subtype,
    event_time: event.event_time,
    envelope_time: event.envelope_time,
    gateway: event.gateway,
    stream_id: event.stream_id,
    request_id: event.request_id,
    data_at: event.data_at,
  };
}

function tooLarge({ head, length, sha256 }: CutMessage): QuarantinedEntry {
  return { class: 'rejected', reason: 'too_large', raw: head, length, sha256 };
}

/** @param receivedAt - unix ms */
export function toEntry(bytes: Message, receivedAt: number): Entry {
  if (!Buffer.isBuffer(bytes)) return tooLarge(bytes);
  const result = classify(bytes, receivedAt);
  if (result.class !== 'accepted') {
    if (result.reason === 'too_large') return tooLarge(cut(bytes));
    const { length } = bytes;
    return { ...result, raw: bytes, length, sha256: null };
  }
  const { data } = result.event;
  const event = columnsOf(result.event);
  const raw = result.verbatim ? bytes : Buffer.from(result.raw);
  if (event.data_at === null) {
    return { class: 'accepted', event, raw, dataEnd: 0, data };
  }
  const isAscii = raw.length === result.raw.length;
  const dataLength = isAscii ? data.length : Buffer.byteLength(data);
  return {
    class: 'accepted',
    event,
    raw,
    // All before it is ASCII: a character is a byte.
    dataEnd: event.data_at + dataLength,
    data: null,
  };
}
