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

export interface RawEventQuery {
  requestId: string;
  /** Leaves out events of another stream, but not those without one. */
  streamId?: string;
  /** Bounds of the envelope timestamp: they decide how much is read. */
  from: string;
  to: string;
  limit: number;
}

/** A message as it came. Times ISO 8601 UTC with milliseconds. */
export interface RawEvent {
  event_id: string | null;
  type: string;
  subtype: string | null;
  event_time: string;
  envelope_time: string;
  gateway: string | null;
  stream_id: string | null;
  request_id: string | null;
  offset: number;
  ingested_at: string;
  source: string;
  /** The message, byte for byte. */
  raw: string;
}

export interface QuarantineQuery extends TimeRange {
  class?: 'ignored' | 'rejected';
  reason?: string;
  limit: number;
  offset: number;
}

export interface QuarantinedMessage {
  class: 'ignored' | 'rejected';
  reason: string;
  /** The message, byte for byte; the beginning of one that is too large. */
  raw: Uint8Array;
  /** Bytes of the message as it came in. */
  raw_length: number;
  /** SHA-256 of the message, hex; null where `raw` is all of it. */
  raw_sha256: string | null;
  seen_at: string;
  offset: number;
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
}

type Row = Record<string, unknown>;

const HOUR_MS = 3_600_000;
const COUNTED = [
  'read',
  'accepted',
  'ignored',
  'rejected',
  'duplicate',
] as const;

/**
 * Reads the bronze tables of one home. Every query sees the newest commit; a table that does not exist yet is empty.
 */
export class LakeReader {
  #instance: Promise<DuckDBInstance> | undefined;

  constructor(private readonly home: string) {}

  /** The events of one request, ordered by envelope timestamp, then id. Copies that differ are each there. */
  async rawEvents(query: RawEventQuery): Promise<RawEvent[]> {
    const where = conditions([
      ['request_id = ?', query.requestId],
      ['(stream_id = ? OR stream_id IS NULL)', query.streamId],
      ['envelope_time >= ?', time(query.from, 'from')],
      ['envelope_time < ?', time(query.to, 'to')],
    ]);
    const rows = await this.#read(
      'events',
      bronze =>
        `SELECT * FROM ${bronze} ${where.sql} ORDER BY envelope_time, event_id, "offset" LIMIT ?`,
      [...where.values, query.limit],
    );
    return rows.map(toRawEvent);
  }

  /** Ignored and rejected messages, newest first, and how many match before `limit`. */
  async quarantine(
    query: QuarantineQuery,
  ): Promise<{ total: number; rows: QuarantinedMessage[] }> {
    const where = conditions([
      ['class = ?', query.class],
      ['reason = ?', query.reason],
      ['seen_at >= ?', time(query.from, 'from')],
      ['seen_at < ?', time(query.to, 'to')],
    ]);
    const [count] = await this.#read(
      'quarantine',
      bronze => `SELECT count(*) AS total FROM ${bronze} ${where.sql}`,
      where.values,
    );
    const total = Number(count?.total ?? 0);
    // First which messages, then their bytes: a sort must not read the bytes of all.
    const page = await this.#read(
      'quarantine',
      bronze =>
        `SELECT "offset" FROM ${bronze} ${where.sql} ORDER BY seen_at DESC, "offset" DESC LIMIT ? OFFSET ?`,
      [...where.values, query.limit, query.offset],
    );
    if (page.length === 0) return { total, rows: [] };
    const rows = await this.#read(
      'quarantine',
      bronze =>
        `SELECT * FROM ${bronze} WHERE "offset" IN (${page.map(() => '?')})
         ORDER BY seen_at DESC, "offset" DESC`,
      page.map(row => row.offset as bigint),
    );
    return { total, rows: rows.map(toQuarantinedMessage) };
  }

  /** How many messages came in within a range of time, by class. */
  async batchTotals(range: TimeRange = {}): Promise<BatchTotals> {
    const where = conditions([
      ['received_at >= ?', time(range.from, 'from')],
      ['received_at < ?', time(range.to, 'to')],
    ]);
    const rows = await this.#read(
      'batches',
      bronze =>
        `SELECT epoch_ms(received_at) // ${HOUR_MS} AS hour, reasons, count(*) AS batches,
           ${COUNTED.map(name => `sum("${name}") AS "${name}"`).join(', ')}
         FROM ${bronze} ${where.sql} GROUP BY ALL ORDER BY hour`,
      where.values,
    );
    const total = noMessages();
    const hours: BatchTotals['hours'] = [];
    for (const row of rows) {
      const hour = new Date(Number(row.hour) * HOUR_MS).toISOString();
      if (hours.at(-1)?.hour !== hour) hours.push({ hour, ...noMessages() });
      addCounts(hours[hours.length - 1], row);
      addCounts(total, row);
    }
    return { total, hours };
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

  async #read(
    table: BronzeTable,
    sql: (bronze: string) => string,
    values: DuckDBValue[],
  ): Promise<Row[]> {
    const metadata = metadataLocation(this.home, table);
    if (!metadata) return [];
    const connection = await (await this.#engine()).connect();
    try {
      const reader = await connection.runAndReadAll(sql('iceberg_scan(?)'), [
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

type Condition = [sql: string, value: DuckDBValue | undefined];

/** A WHERE clause of the conditions that have a value. */
function conditions(all: Condition[]): { sql: string; values: DuckDBValue[] } {
  const asked = all.filter(([, value]) => value !== undefined);
  return {
    sql: asked.length ? `WHERE ${asked.map(([sql]) => sql).join(' AND ')}` : '',
    values: asked.map(([, value]) => value as DuckDBValue),
  };
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
  return new DuckDBTimestampTZValue(BigInt(ms) * 1000n);
}

function iso(value: unknown): string {
  return (value as Date).toISOString();
}

function toRawEvent(row: Row): RawEvent {
  return {
    event_id: row.event_id as string | null,
    type: row.type as string,
    subtype: row.subtype as string | null,
    event_time: iso(row.event_time),
    envelope_time: iso(row.envelope_time),
    gateway: row.gateway as string | null,
    stream_id: row.stream_id as string | null,
    request_id: row.request_id as string | null,
    offset: Number(row.offset),
    ingested_at: iso(row.ingested_at),
    source: row.source as string,
    raw: splice(
      row.envelope as string,
      row.data as string,
      row.data_at as number | null,
    ),
  };
}

function toQuarantinedMessage(row: Row): QuarantinedMessage {
  const raw = row.raw as Uint8Array;
  return {
    class: row.class as QuarantinedMessage['class'],
    reason: row.reason as string,
    raw,
    // Null in rows of before, which are whole.
    raw_length: Number(row.raw_length ?? raw.length),
    raw_sha256: (row.raw_sha256 ?? null) as string | null,
    seen_at: iso(row.seen_at),
    offset: Number(row.offset),
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

/** Adds a group of batches that have the same reasons. */
function addCounts(counts: ClassCounts, group: Row): void {
  for (const name of COUNTED) counts[name] += Number(group[name]);
  const reasons: Record<string, number> = JSON.parse(group.reasons as string);
  for (const [reason, n] of Object.entries(reasons)) {
    counts.reasons[reason] =
      (counts.reasons[reason] ?? 0) + n * Number(group.batches);
  }
}
