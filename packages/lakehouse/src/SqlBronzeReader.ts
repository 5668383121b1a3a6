import { splice } from '@naap/events';
import {
  type EventRow,
  onlyAt,
  type PlaceRow,
  type QuarantineRow,
  readable,
  SHOWN_BYTES,
  timeOf,
  toQuarantinedMessage,
  toRawEvent,
} from './bronzeAnswers';
import type {
  BronzeReader,
  EventKey,
  MessagePlace,
  QuarantinedMessage,
  QuarantineKey,
  QuarantineQuery,
  RawEvent,
  RawEventQuery,
} from './BronzeReader';
import type { BronzeTable } from './LakeCatalog';

/** What stands for a `?`. */
export type BronzeValue = string | number | bigint | Date;

/** Asks a table that the SQL calls what it is given. No rows where there is no table. */
export type AskBronze = <Row extends object>(
  sql: (bronze: string) => string,
  values: BronzeValue[],
) => Promise<Row[]>;

/** What an engine calls differently from others. */
export interface BronzeDialect {
  /** Bytes of the message of an event. */
  length: string;
  /** Bytes that are kept of a quarantined message, and the first `SHOWN_BYTES` of them. */
  rawLength: string;
  rawBeginning: string;
  /** `EventRow.said` of the data of an event. */
  said: string;
}

const PLACE = 'topic, "partition", "offset"';
const EVENT_ORDER = `envelope_time, event_id, ${PLACE}`;
const QUARANTINE_ORDER =
  'seen_at DESC, topic DESC, "partition" DESC, "offset" DESC';

const offsetsOf = (places: PlaceRow[]) =>
  `"offset" IN (${places.map(() => '?')})`;

/** Reads the bronze tables by SQL. */
export abstract class SqlBronzeReader implements BronzeReader {
  constructor(private readonly dialect: BronzeDialect) {}

  /** A table as of now. */
  protected abstract newest(table: BronzeTable): AskBronze;
  /** Whether it failed as it read more at once than fits. */
  protected abstract isTooMuch(error: unknown): boolean;
  abstract close(): Promise<void>;

  async rawEvents(
    query: RawEventQuery,
  ): Promise<{ rows: RawEvent[]; more: boolean }> {
    const where = conditions([
      ['request_id = ?', query.requestId],
      ['(stream_id = ? OR stream_id IS NULL)', query.streamId],
      ['envelope_time >= ?', moment(query.from, 'from')],
      ['envelope_time < ?', moment(query.to, 'to')],
      ...(query.after ? [afterEvent(query.after)] : []),
    ]);
    const events = this.newest('events');
    const { length, said } = this.dialect;
    // First which messages, then their texts: a sort must not carry the texts of all.
    const found = await events<PlaceRow & { length: number | bigint }>(
      bronze =>
        `SELECT ${PLACE}, ${length} AS length FROM ${bronze} ${where.sql}
         ORDER BY ${EVENT_ORDER} LIMIT ?`,
      [...where.values, query.limit + 1],
    );
    const wanted = readable(found.slice(0, query.limit));
    if (wanted.length === 0) return { rows: [], more: false };
    const rows = await events<EventRow>(
      bronze =>
        `SELECT event_id, type, subtype, event_time, envelope_time, gateway, stream_id, request_id, ${PLACE},
           ingested_at, source, data_at, substr(envelope, 1, ${SHOWN_BYTES}) AS envelope,
           substr(data, 1, ${SHOWN_BYTES}) AS data, ${length} AS length, ${said} AS said
         FROM ${bronze} ${where.sql} AND ${offsetsOf(wanted)}
         ORDER BY ${EVENT_ORDER}`,
      [...where.values, ...wanted.map(({ offset }) => offset)],
    );
    return {
      rows: onlyAt(wanted, rows).map(toRawEvent),
      more: found.length > wanted.length,
    };
  }

  async quarantine(
    query: QuarantineQuery,
  ): Promise<{ total: number; rows: QuarantinedMessage[]; more: boolean }> {
    const asked: Condition[] = [
      ['class = ?', query.class],
      ['reason = ?', query.reason],
      ['seen_at >= ?', moment(query.from, 'from')],
      ['seen_at < ?', moment(query.to, 'to')],
    ];
    const all = conditions(asked);
    const quarantine = this.newest('quarantine');
    const [count] = await quarantine<{ total: number | bigint }>(
      bronze => `SELECT count(*) AS total FROM ${bronze} ${all.sql}`,
      all.values,
    );
    const total = Number(count?.total ?? 0);
    const where = conditions([
      ...asked,
      ...(query.after ? [afterMessage(query.after)] : []),
    ]);
    // First which messages, then their bytes: a sort must not read the bytes of all.
    const page = await quarantine<PlaceRow & { seen_at: Date }>(
      bronze =>
        `SELECT ${PLACE}, seen_at FROM ${bronze} ${where.sql} ORDER BY ${QUARANTINE_ORDER} OFFSET ? LIMIT ?`,
      [...where.values, query.offset, query.limit + 1],
    );
    return {
      total,
      rows: await this.#beginnings(quarantine, page.slice(0, query.limit)),
      more: query.limit > 0 && page.length > query.limit,
    };
  }

  async message({
    topic,
    partition,
    offset,
  }: MessagePlace): Promise<Uint8Array | null> {
    const where = 'WHERE topic = ? AND "partition" = ? AND "offset" = ?';
    const values = [topic, partition, BigInt(offset)];
    const [accepted] = await this.newest('events')<
      Pick<EventRow, 'envelope' | 'data' | 'data_at'>
    >(
      bronze => `SELECT envelope, data, data_at FROM ${bronze} ${where}`,
      values,
    );
    if (accepted) {
      return Buffer.from(
        splice(accepted.envelope, accepted.data, accepted.data_at),
      );
    }
    const [other] = await this.newest('quarantine')<Pick<QuarantineRow, 'raw'>>(
      bronze => `SELECT raw FROM ${bronze} ${where}`,
      values,
    );
    return other ? other.raw : null;
  }

  async sources(): Promise<string[]> {
    const rows = await this.newest('batches')<{ source: string }>(
      bronze => `SELECT DISTINCT source FROM ${bronze} ORDER BY source`,
      [],
    );
    return rows.map(({ source }) => source);
  }

  /** The beginnings of quarantined messages, newest first. Messages that don't fit into memory together are read in parts. */
  async #beginnings(
    quarantine: AskBronze,
    places: Array<PlaceRow & { seen_at: Date }>,
  ): Promise<QuarantinedMessage[]> {
    if (places.length === 0) return [];
    const { rawBeginning, rawLength } = this.dialect;
    try {
      const rows = await quarantine<QuarantineRow>(
        bronze =>
          `SELECT class, reason, ${rawBeginning} AS raw, coalesce(raw_length, ${rawLength}) AS raw_length, raw_sha256,
             ${PLACE}, seen_at, source
           FROM ${bronze} WHERE seen_at >= ? AND seen_at <= ? AND ${offsetsOf(
            places,
          )}
           ORDER BY ${QUARANTINE_ORDER}`,
        [
          places[places.length - 1].seen_at,
          // Of an engine that keeps microseconds.
          new Date(places[0].seen_at.getTime() + 1),
          ...places.map(({ offset }) => offset),
        ],
      );
      return onlyAt(places, rows).map(toQuarantinedMessage);
    } catch (error) {
      if (places.length === 1 || !this.isTooMuch(error)) throw error;
      const half = Math.ceil(places.length / 2);
      return [
        ...(await this.#beginnings(quarantine, places.slice(0, half))),
        ...(await this.#beginnings(quarantine, places.slice(half))),
      ];
    }
  }
}

type Condition = [sql: string, ...values: Array<BronzeValue | undefined>];

/** A WHERE clause of the conditions whose values are all there. */
function conditions(all: Condition[]): { sql: string; values: BronzeValue[] } {
  const asked = all.filter(([, ...values]) => !values.includes(undefined));
  return {
    sql: asked.length ? `WHERE ${asked.map(([sql]) => sql).join(' AND ')}` : '',
    values: asked.flatMap(([, ...values]) => values as BronzeValue[]),
  };
}

/** What comes after an event in `EVENT_ORDER`: null ids are last. */
function afterEvent([ms, id, ...place]: EventKey): Condition {
  const further = `(${PLACE}) > (?, ?, ?)`;
  const [topic, partition, offset] = place;
  const at = new Date(ms);
  const coordinates = [topic, partition, BigInt(offset)];
  return id === null
    ? [
        `(envelope_time > ? OR (envelope_time = ? AND event_id IS NULL AND ${further}))`,
        at,
        at,
        ...coordinates,
      ]
    : [
        `(envelope_time > ? OR (envelope_time = ? AND (event_id > ? OR event_id IS NULL OR (event_id = ? AND ${further}))))`,
        at,
        at,
        id,
        id,
        ...coordinates,
      ];
}

/** What comes after a message in `QUARANTINE_ORDER`. */
function afterMessage([
  ms,
  topic,
  partition,
  offset,
]: QuarantineKey): Condition {
  const at = new Date(ms);
  return [
    // The first of them alone decides which days are read.
    `seen_at <= ? AND (seen_at, ${PLACE}) < (?, ?, ?, ?)`,
    at,
    at,
    topic,
    partition,
    BigInt(offset),
  ];
}

function moment(text: string | undefined, name: string): Date | undefined {
  const ms = timeOf(text, name);
  return ms === undefined ? undefined : new Date(ms);
}
