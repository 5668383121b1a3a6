import {
  type DuckDBInstance,
  type DuckDBValue,
  DuckDBTimestampTZValue,
} from '@duckdb/node-api';
import { splice } from '@naap/events';
import { metadataLocation } from './catalog';
import { openIcebergReader } from './duckdb';
import type { BronzeTable } from './LakeCommitter';

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

/** What the data of an event says, as they are: a number or the beginning of a text; null: neither, or not there. */
export type EventFacts = Record<keyof typeof FACTS, string | number | null>;

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

/** Messages by class; `reasons` of those ignored and rejected. */
export interface ClassCounts {
  read: number;
  accepted: number;
  ignored: number;
  rejected: number;
  duplicate: number;
  reasons: Record<string, number>;
}

export interface BatchTotals {
  total: ClassCounts;
  /** By UTC hour in which the messages came in, oldest first; hours without a batch are absent. */
  hours: Array<ClassCounts & { hour: string }>;
  more: boolean;
}

type Row = Record<string, unknown>;

const HOUR_MS = 3_600_000;

/** Bytes of a message that are shown in a list. */
const SHOWN_BYTES = 1024;
/** Messages in an answer are read as long as they are so many bytes in all. */
const MAX_BYTES_READ = 64 * 1024 * 1024;
/** Of longer data no facts are read: each of it is parsed whole. */
const MAX_PARSED_BYTES = 1024 * 1024;

/** Where the facts are in the data of an event. */
const FACTS = {
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

/** The columns that a table has since a later version. */
const LATER_COLUMNS: Partial<Record<BronzeTable, string>> = {
  quarantine: 'NULL::BIGINT AS raw_length, NULL::VARCHAR AS raw_sha256',
};
const COUNTED = [
  'read',
  'accepted',
  'ignored',
  'rejected',
  'duplicate',
] as const;

/** Bytes of the message. */
const LENGTH =
  'strlen(envelope) + CASE WHEN data_at IS NULL THEN 0 ELSE strlen(data) END';

/** Texts begin with a quote. */
const SAID = `CASE WHEN strlen(data) <= ${MAX_PARSED_BYTES} THEN list_transform(
    TRY(json_extract(data, [${Object.values(FACTS).map(path => `'${path}'`)}])),
    lambda part: CASE json_type(part) WHEN 'VARCHAR' THEN '"' || left(json_extract_string(part, '$'), ${SHOWN_BYTES})
      ELSE left(CAST(part AS VARCHAR), 64) END
  ) END`;

const EVENT_ORDER = 'envelope_time, event_id, topic, "partition", "offset"';
const QUARANTINE_ORDER =
  'seen_at DESC, topic DESC, "partition" DESC, "offset" DESC';

const moment = (ms: number) => new DuckDBTimestampTZValue(BigInt(ms) * 1000n);

/**
 * Reads the bronze tables of one home. Every query sees the newest commit; a table that does not exist yet is empty.
 */
export class LakeReader {
  #instance: Promise<DuckDBInstance> | undefined;

  constructor(private readonly home: string) {}

  /**
   * Events of one request, ordered by envelope timestamp, then id. Copies that differ are each there. Where messages are
   * very long they are fewer than asked for.
   */
  async rawEvents(
    query: RawEventQuery,
  ): Promise<{ rows: RawEvent[]; more: boolean }> {
    const where = conditions([
      ['request_id = ?', query.requestId],
      ['(stream_id = ? OR stream_id IS NULL)', query.streamId],
      ['envelope_time >= ?', time(query.from, 'from')],
      ['envelope_time < ?', time(query.to, 'to')],
      ...(query.after ? [afterEvent(query.after)] : []),
    ]);
    // First which messages, then their texts: a sort must not carry the texts of all.
    const found = await this.#read(
      'events',
      bronze =>
        `SELECT "offset", ${LENGTH} AS length FROM ${bronze} ${where.sql}
         ORDER BY ${EVENT_ORDER} LIMIT ?`,
      [...where.values, query.limit + 1],
    );
    const offsets: bigint[] = [];
    let bytes = 0;
    for (const { offset, length } of found.slice(0, query.limit)) {
      bytes += Number(length);
      if (offsets.length > 0 && bytes > MAX_BYTES_READ) break;
      offsets.push(offset as bigint);
    }
    if (offsets.length === 0) return { rows: [], more: false };
    const rows = await this.#read(
      'events',
      bronze =>
        `SELECT event_id, type, subtype, event_time, envelope_time, gateway, stream_id, request_id, topic, "partition",
           "offset", ingested_at, source, data_at, left(envelope, ${SHOWN_BYTES}) AS envelope,
           left(data, ${SHOWN_BYTES}) AS data, ${LENGTH} AS length, ${SAID} AS said
         FROM ${bronze} ${where.sql} AND "offset" IN (${offsets.map(() => '?')})
         ORDER BY ${EVENT_ORDER}`,
      [...where.values, ...offsets],
    );
    return { rows: rows.map(toRawEvent), more: found.length > offsets.length };
  }

  /** Ignored and rejected messages, newest first, and how many match on all pages. */
  async quarantine(
    query: QuarantineQuery,
  ): Promise<{ total: number; rows: QuarantinedMessage[]; more: boolean }> {
    const asked: Condition[] = [
      ['class = ?', query.class],
      ['reason = ?', query.reason],
      ['seen_at >= ?', time(query.from, 'from')],
      ['seen_at < ?', time(query.to, 'to')],
    ];
    const all = conditions(asked);
    const [count] = await this.#read(
      'quarantine',
      bronze => `SELECT count(*) AS total FROM ${bronze} ${all.sql}`,
      all.values,
    );
    const total = Number(count?.total ?? 0);
    const where = conditions([
      ...asked,
      ...(query.after ? [afterMessage(query.after)] : []),
    ]);
    // First which messages, then their bytes: a sort must not read the bytes of all.
    const page = await this.#read(
      'quarantine',
      bronze =>
        `SELECT "offset" FROM ${bronze} ${where.sql} ORDER BY ${QUARANTINE_ORDER} LIMIT ? OFFSET ?`,
      [...where.values, query.limit + 1, query.offset],
    );
    const offsets = page.slice(0, query.limit).map(row => row.offset as bigint);
    return {
      total,
      rows: await this.#beginnings(offsets),
      more: query.limit > 0 && page.length > query.limit,
    };
  }

  /** One message, whole as it is kept; null when there is none. */
  async message({
    topic,
    partition,
    offset,
  }: MessagePlace): Promise<Uint8Array | null> {
    const where = 'WHERE topic = ? AND "partition" = ? AND "offset" = ?';
    const values = [topic, partition, BigInt(offset)];
    const [accepted] = await this.#read(
      'events',
      bronze => `SELECT envelope, data, data_at FROM ${bronze} ${where}`,
      values,
    );
    if (accepted) {
      return Buffer.from(
        splice(
          accepted.envelope as string,
          accepted.data as string,
          accepted.data_at as number | null,
        ),
      );
    }
    const [other] = await this.#read(
      'quarantine',
      bronze => `SELECT raw FROM ${bronze} ${where}`,
      values,
    );
    return other ? (other.raw as Uint8Array) : null;
  }

  /** How many messages came in within a range of time, by class; of the first `limit` hours. */
  async batchTotals({
    limit,
    ...range
  }: TimeRange & { limit: number }): Promise<BatchTotals> {
    const where = conditions([
      ['received_at >= ?', time(range.from, 'from')],
      ['received_at < ?', time(range.to, 'to')],
    ]);
    const hourly = `epoch_ms(received_at) // ${HOUR_MS} AS hour`;
    const rows = await this.#read(
      'batches',
      bronze =>
        `SELECT ${hourly}, ${COUNTED.map(
          name => `sum("${name}") AS "${name}"`,
        )} FROM ${bronze} ${where.sql} GROUP BY hour ORDER BY hour LIMIT ?`,
      [...where.values, limit + 1],
    );
    const kept = rows.slice(0, limit);
    const reasons = await this.#read(
      'batches',
      bronze =>
        `SELECT hour, reason.key AS reason, sum(reason.value) AS n FROM (
           SELECT ${hourly}, unnest(map_entries(from_json(reasons, '"MAP(VARCHAR, BIGINT)"'))) AS reason
           FROM ${bronze} ${where.sql}
         ) WHERE hour <= ? GROUP BY ALL HAVING n <> 0 ORDER BY ALL`,
      [...where.values, (kept.at(-1)?.hour as bigint) ?? -1n],
    );
    const total = noMessages();
    const hours = new Map(
      kept.map(row => [
        row.hour,
        {
          hour: new Date(Number(row.hour) * HOUR_MS).toISOString(),
          ...noMessages(),
        },
      ]),
    );
    for (const row of kept) {
      for (const counts of [hours.get(row.hour)!, total]) {
        for (const name of COUNTED) counts[name] += Number(row[name]);
      }
    }
    for (const { hour, reason, n } of reasons) {
      for (const counts of [hours.get(hour)!, total]) {
        const name = String(reason);
        counts.reasons[name] = (counts.reasons[name] ?? 0) + Number(n);
      }
    }
    return { total, hours: [...hours.values()], more: rows.length > limit };
  }

  /** Who brought the messages that the lake holds. */
  async sources(): Promise<string[]> {
    const rows = await this.#read(
      'batches',
      bronze => `SELECT DISTINCT source FROM ${bronze} ORDER BY source`,
      [],
    );
    return rows.map(row => String(row.source));
  }

  /** Frees the memory of the engine. */
  async close(): Promise<void> {
    const instance = await this.#instance;
    this.#instance = undefined;
    instance?.closeSync();
  }

  /** The beginnings of quarantined messages, newest first. Messages that don't fit into memory together are read in parts. */
  async #beginnings(offsets: bigint[]): Promise<QuarantinedMessage[]> {
    if (offsets.length === 0) return [];
    try {
      const rows = await this.#read(
        'quarantine',
        bronze =>
          `SELECT class, reason, array_slice(raw, 1, ${SHOWN_BYTES}) AS raw,
             coalesce(raw_length, octet_length(raw)) AS raw_length, raw_sha256, topic, "partition", "offset", seen_at, source
           FROM ${bronze} WHERE "offset" IN (${offsets.map(() => '?')})
           ORDER BY ${QUARANTINE_ORDER}`,
        offsets,
      );
      return rows.map(toQuarantinedMessage);
    } catch (error) {
      if (offsets.length === 1 || !/Out of Memory/.test(String(error))) {
        throw error;
      }
      const half = Math.ceil(offsets.length / 2);
      return [
        ...(await this.#beginnings(offsets.slice(0, half))),
        ...(await this.#beginnings(offsets.slice(half))),
      ];
    }
  }

  async #read(
    table: BronzeTable,
    sql: (bronze: string) => string,
    values: DuckDBValue[],
  ): Promise<Row[]> {
    const metadata = metadataLocation(this.home, table);
    if (!metadata) return [];
    const connection = await (await this.#engine()).connect();
    try {
      const later = LATER_COLUMNS[table];
      // A table has them from its next commit on.
      const bronze = later
        ? `(SELECT ${later} WHERE false UNION ALL BY NAME SELECT * FROM iceberg_scan(?))`
        : 'iceberg_scan(?)';
      const reader = await connection.runAndReadAll(sql(bronze), [
        metadata,
        ...values,
      ]);
      return reader.getRowObjectsJS();
    } finally {
      connection.closeSync();
    }
  }

  #engine(): Promise<DuckDBInstance> {
    this.#instance ??= openIcebergReader().catch(error => {
      this.#instance = undefined;
      throw error;
    });
    return this.#instance;
  }
}

type Condition = [sql: string, ...values: Array<DuckDBValue | undefined>];

/** A WHERE clause of the conditions whose values are all there. */
function conditions(all: Condition[]): { sql: string; values: DuckDBValue[] } {
  const asked = all.filter(([, ...values]) => !values.includes(undefined));
  return {
    sql: asked.length ? `WHERE ${asked.map(([sql]) => sql).join(' AND ')}` : '',
    values: asked.flatMap(([, ...values]) => values as DuckDBValue[]),
  };
}

/** What comes after an event in `EVENT_ORDER`: null ids are last. */
function afterEvent([at, id, ...place]: EventKey): Condition {
  const further = '(topic, "partition", "offset") > (?, ?, ?)';
  const [topic, partition, offset] = place;
  const coordinates = [topic, partition, BigInt(offset)];
  return id === null
    ? [
        `(envelope_time > ? OR (envelope_time = ? AND event_id IS NULL AND ${further}))`,
        moment(at),
        moment(at),
        ...coordinates,
      ]
    : [
        `(envelope_time > ? OR (envelope_time = ? AND (event_id > ? OR event_id IS NULL OR (event_id = ? AND ${further}))))`,
        moment(at),
        moment(at),
        id,
        id,
        ...coordinates,
      ];
}

/** What comes after a message in `QUARANTINE_ORDER`. */
function afterMessage([
  at,
  topic,
  partition,
  offset,
]: QuarantineKey): Condition {
  return [
    '(seen_at, topic, "partition", "offset") < (?, ?, ?, ?)',
    moment(at),
    topic,
    partition,
    BigInt(offset),
  ];
}

function time(
  text: string | undefined,
  name: string,
): DuckDBTimestampTZValue | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) {
    throw new RangeError(`'${name}' must be an ISO 8601 time, not '${text}'`);
  }
  return moment(ms);
}

function iso(value: unknown): string {
  return (value as Date).toISOString();
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
function beginningOf(envelope: string, data: string, at: number | null) {
  const isWithin = at !== null && at <= envelope.length;
  return beginning(isWithin ? splice(envelope, data, at) : envelope);
}

/** What `SAID` answers, as it was said. */
function factOf(said: string | null | undefined): string | number | null {
  if (said === null || said === undefined) return null;
  if (said.startsWith('"')) return beginning(said.slice(1));
  const number = Number(said);
  return /^-?\d/.test(said) && Number.isFinite(number) ? number : null;
}

const placeOf = (row: Row): MessagePlace => ({
  topic: row.topic as string,
  partition: Number(row.partition),
  offset: Number(row.offset),
});

function toRawEvent(row: Row): RawEvent {
  const said = (row.said ?? []) as Array<string | null>;
  return {
    event_id: row.event_id as string | null,
    type: row.type as string,
    subtype: row.subtype as string | null,
    event_time: iso(row.event_time),
    envelope_time: iso(row.envelope_time),
    gateway: row.gateway as string | null,
    stream_id: row.stream_id as string | null,
    request_id: row.request_id as string | null,
    ...placeOf(row),
    ingested_at: iso(row.ingested_at),
    source: row.source as string,
    raw: beginningOf(
      row.envelope as string,
      row.data as string,
      row.data_at as number | null,
    ),
    raw_length: Number(row.length),
    facts: Object.fromEntries(
      Object.keys(FACTS).map((name, i) => [name, factOf(said[i])]),
    ) as EventFacts,
  };
}

function toQuarantinedMessage(row: Row): QuarantinedMessage {
  return {
    class: row.class as QuarantinedMessage['class'],
    reason: row.reason as string,
    raw: row.raw as Uint8Array,
    raw_length: Number(row.raw_length),
    raw_sha256: row.raw_sha256 as string | null,
    seen_at: iso(row.seen_at),
    ...placeOf(row),
    source: row.source as string,
  };
}

function noMessages(): ClassCounts {
  return {
    read: 0,
    accepted: 0,
    ignored: 0,
    rejected: 0,
    duplicate: 0,
    reasons: {},
  };
}
