/** Half-open, ISO 8601. */
export interface TimeRange {
  from?: string;
  to?: string;
}

/** Where a message lies. */
export interface MessagePlace {
  topic: string;
  partition: number;
  offset: number;
}

/** A part of a list: at most `limit` rows, and only those after a key. */
export interface LakePage<LakeKey> {
  limit: number;
  after?: LakeKey;
}

/** Envelope timestamp (unix ms), id, and place of an event. */
export type EventKey = [
  at: number,
  id: string | null,
  topic: string,
  partition: number,
  offset: number,
];

/** When a message was seen (unix ms), and its place. */
export type QuarantineKey = [
  at: number,
  topic: string,
  partition: number,
  offset: number,
];

export interface RawEventQuery extends LakePage<EventKey> {
  requestId: string;
  /** Leaves out events of another stream, but not those without one. */
  streamId?: string;
  /** Bounds of the envelope timestamp: they decide how much is read. */
  from: string;
  to: string;
}

/** Where in the data of an event its facts are: JSON paths. */
export const FACT_PATHS = {
  state: '$.state',
  fps: '$.inference_status.fps',
  inputFps: '$.input_status.fps',
  message: '$.message',
  orchUri: '$.orchestrator_info.url',
  startTime: '$.start_time',
  lastOutputTime: '$.inference_status.last_output_time',
  timestamp: '$.timestamp',
  lastStateUpdateTime: '$.last_state_update_time',
} as const;

/** What the data of an event says, as they are: a number or the beginning of a text; null: neither, or not there. */
export type EventFacts = Record<
  keyof typeof FACT_PATHS,
  string | number | null
>;

/** The beginning of a message, and what it says. Times ISO 8601 UTC with milliseconds. */
export interface RawEvent extends MessagePlace {
  event_id: string | null;
  type: string;
  subtype: string | null;
  event_time: string;
  envelope_time: string;
  gateway: string | null;
  stream_id: string | null;
  request_id: string | null;
  ingested_at: string;
  source: string;
  /** The first 1024 bytes of the message, without half a character at the end. */
  raw: string;
  /** Bytes of the message. */
  raw_length: number;
  facts: EventFacts;
}

export interface QuarantineQuery extends TimeRange, LakePage<QuarantineKey> {
  class?: 'ignored' | 'rejected';
  reason?: string;
  /** Rows to leave out, from the start or from `after` on. */
  offset: number;
}

export interface QuarantinedMessage extends MessagePlace {
  class: 'ignored' | 'rejected';
  reason: string;
  /** The first 1024 bytes of the message. */
  raw: Uint8Array;
  /** Bytes of the message as it came in. */
  raw_length: number;
  /** SHA-256 of the message, hex; null where it is kept whole. */
  raw_sha256: string | null;
  seen_at: string;
  source: string;
}

/**
 * Reads the bronze tables. Every question sees the newest commit; a table that does not exist yet is empty. Texts of a
 * question are data, whatever they hold; what should be a time and is none is a RangeError.
 */
export interface BronzeReader {
  /**
   * Events of one request, ordered by envelope timestamp, then id (bytewise, none last), then place. Copies that differ are
   * each there. Where messages are very long they are fewer than asked for.
   */
  rawEvents(query: RawEventQuery): Promise<{ rows: RawEvent[]; more: boolean }>;
  /** Ignored and rejected messages, newest first, and how many match on all pages. */
  quarantine(
    query: QuarantineQuery,
  ): Promise<{ total: number; rows: QuarantinedMessage[]; more: boolean }>;
  /** One message, whole as it is kept; null when there is none. */
  message(place: MessagePlace): Promise<Uint8Array | null>;
  /** Who brought the messages that the lake holds. */
  sources(): Promise<string[]>;
  /** Frees what reading holds, such as the memory of an engine. */
  close(): Promise<void>;
}
