import {
  type DuckDBInstance,
  type DuckDBValue,
  DuckDBTimestampTZValue,
} from '@duckdb/node-api';
import { splice } from '@naap/events';
import {
  type EventRow,
  MAX_PARSED_BYTES,
  onlyAt,
  type PlaceRow,
  type QuarantineRow,
  readable,
  SHOWN_BYTES,
  timeOf,
  toQuarantinedMessage,
  toRawEvent,
} from '../bronzeAnswers';
import {
  type BronzeReader,
  type EventKey,
  FACT_PATHS,
  type MessagePlace,
  type QuarantinedMessage,
  type QuarantineKey,
  type QuarantineQuery,
  type RawEvent,
  type RawEventQuery,
} from '../BronzeReader';
import type { BronzeTable } from '../LakeCatalog';
import { openIcebergEngine } from './icebergEngine';

/** The columns that a table has since a later version. */
const LATER_COLUMNS: Partial<Record<BronzeTable, string>> = {
  quarantine: 'NULL::BIGINT AS raw_length, NULL::VARCHAR AS raw_sha256',
};

const PLACE = 'topic, "partition", "offset"';

/** Bytes of the message. */
const LENGTH =
  'strlen(envelope) + CASE WHEN data_at IS NULL THEN 0 ELSE strlen(data) END';

/** Texts begin with a quote. */
const SAID = `CASE WHEN strlen(data) <= ${MAX_PARSED_BYTES} THEN list_transform(
    TRY(json_extract(data, [${Object.values(FACT_PATHS).map(
      path => `'${path}'`,
    )}])),
    lambda part: CASE json_type(part) WHEN 'VARCHAR' THEN '"' || left(json_extract_string(part, '$'), ${SHOWN_BYTES})
      ELSE left(CAST(part AS VARCHAR), 64) END
  ) END`;

const EVENT_ORDER = `envelope_time, event_id, ${PLACE}`;
const QUARANTINE_ORDER =
  'seen_at DESC, topic DESC, "partition" DESC, "offset" DESC';

const moment = (ms: number) => new DuckDBTimestampTZValue(BigInt(ms) * 1000n);

/** Where the newest metadata of a table is; undefined when there is no such table. */
export interface MetadataLocations {
  metadataLocation(table: BronzeTable): string | undefined;
}

/** Asks a table that the SQL calls what it is given; its first parameter is taken. No rows where there is no table. */
type Ask = <Row extends object>(
  sql: (bronze: string) => string,
  values: DuckDBValue[],
) => Promise<Row[]>;

/** Reads the Iceberg tables with DuckDB, in process. */
export class DuckDbBronzeReader implements BronzeReader {
  #instance: Promise<DuckDBInstance> | undefined;

  constructor(private readonly catalog: MetadataLocations) {}

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
    const events = this.#newest('events');
    // First which messages, then their texts: a sort must not carry the texts of all.
    const found = await events<PlaceRow & { length: bigint }>(
      bronze =>
        `SELECT ${PLACE}, ${LENGTH} AS length FROM ${bronze} ${where.sql}
         ORDER BY ${EVENT_ORDER} LIMIT ?`,
      [...where.values, query.limit + 1],
    );
    const wanted = readable(found.slice(0, query.limit));
    if (wanted.length === 0) return { rows: [], more: false };
    const rows = await events<EventRow>(
      bronze =>
        `SELECT event_id, type, subtype, event_time, envelope_time, gateway, stream_id, request_id, ${PLACE},
           ingested_at, source, data_at, left(envelope, ${SHOWN_BYTES}) AS envelope,
           left(data, ${SHOWN_BYTES}) AS data, ${LENGTH} AS length, ${SAID} AS said
         FROM ${bronze} ${where.sql} AND "offset" IN (${wanted.map(() => '?')})
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
      ['seen_at >= ?', time(query.from, 'from')],
      ['seen_at < ?', time(query.to, 'to')],
    ];
    const all = conditions(asked);
    const quarantine = this.#newest('quarantine');
    const [count] = await quarantine<{ total: bigint }>(
      bronze => `SELECT count(*) AS total FROM ${bronze} ${all.sql}`,
      all.values,
    );
    const total = Number(count?.total ?? 0);
    const where = conditions([
      ...asked,
      ...(query.after ? [afterMessage(query.after)] : []),
    ]);
    // First which messages, then their bytes: a sort must not read the bytes of all.
    const page = await quarantine<PlaceRow>(
      bronze =>
        `SELECT ${PLACE} FROM ${bronze} ${where.sql} ORDER BY ${QUARANTINE_ORDER} LIMIT ? OFFSET ?`,
      [...where.values, query.limit + 1, query.offset],
    );
    return {
      total,
      rows: await beginnings(quarantine, page.slice(0, query.limit)),
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
    const events = this.#newest('events');
    const [accepted] = await events<
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
    const quarantine = this.#newest('quarantine');
    const [other] = await quarantine<Pick<QuarantineRow, 'raw'>>(
      bronze => `SELECT raw FROM ${bronze} ${where}`,
      values,
    );
    return other ? other.raw : null;
  }

  async sources(): Promise<string[]> {
    const rows = await this.#newest('batches')<{ source: string }>(
      bronze => `SELECT DISTINCT source FROM ${bronze} ORDER BY source`,
      [],
    );
    return rows.map(({ source }) => source);
  }

  async close(): Promise<void> {
    const instance = await this.#instance;
    this.#instance = undefined;
    instance?.closeSync();
  }

  /** A table as its newest commit left it: whatever a question reads of it is of one snapshot. */
  #newest(table: BronzeTable): Ask {
    const metadata = this.catalog.metadataLocation(table);
    return async <Row extends object>(
      sql: (bronze: string) => string,
      values: DuckDBValue[],
    ) => {
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
        // The caller's SQL says so.
        return reader.getRowObjectsJS() as object[] as Row[];
      } finally {
        connection.closeSync();
      }
    };
  }

  #engine(): Promise<DuckDBInstance> {
    this.#instance ??= openIcebergEngine().catch(error => {
      this.#instance = undefined;
      throw error;
    });
    return this.#instance;
  }
}

/** The beginnings of quarantined messages, newest first. Messages that don't fit into memory together are read in parts. */
async function beginnings(
  quarantine: Ask,
  places: PlaceRow[],
): Promise<QuarantinedMessage[]> {
  if (places.length === 0) return [];
  try {
    const rows = await quarantine<QuarantineRow>(
      bronze =>
        `SELECT class, reason, array_slice(raw, 1, ${SHOWN_BYTES}) AS raw,
           coalesce(raw_length, octet_length(raw)) AS raw_length, raw_sha256, ${PLACE}, seen_at, source
         FROM ${bronze} WHERE "offset" IN (${places.map(() => '?')})
         ORDER BY ${QUARANTINE_ORDER}`,
      places.map(({ offset }) => offset),
    );
    return onlyAt(places, rows).map(toQuarantinedMessage);
  } catch (error) {
    if (places.length === 1 || !/Out of Memory/.test(String(error))) {
      throw error;
    }
    const half = Math.ceil(places.length / 2);
    return [
      ...(await beginnings(quarantine, places.slice(0, half))),
      ...(await beginnings(quarantine, places.slice(half))),
    ];
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
  const further = `(${PLACE}) > (?, ?, ?)`;
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
    `(seen_at, ${PLACE}) < (?, ?, ?, ?)`,
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
  const ms = timeOf(text, name);
  return ms === undefined ? undefined : moment(ms);
}
