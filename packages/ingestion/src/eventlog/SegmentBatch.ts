import { GATE_VERSION } from '@naap/events';
import {
  Binary,
  Data,
  Field,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
} from 'apache-arrow';
import { IngestCounts, noCounts } from '../counts';
import {
  BytesColumn,
  consecutive,
  IntColumn,
  LongColumn,
  OffsetColumn,
  repeatedInt,
  repeatedText,
  repeatedTime,
  TextColumn,
  UTC_MILLIS,
} from './columns';
import { AcceptedEntry, EventColumns, QuarantinedEntry } from './Entry';
import type { SourceRecords } from './SourceRecords';

/** What all rows of a batch share. */
export interface BatchOrigin {
  source: string;
  /** Unix ms. */
  receivedAt: number;
  /** Where its messages lie in Kafka, if they came from there. */
  records?: SourceRecords;
}

/** The usual share of a message that is in `data`. */
const DATA_SHARE = 0.8;

/**
 * The rows of one record batch of a segment, in the columns of
 * docs/architecture.md.
 */
export class SegmentBatch {
  #columns;
  /** After all others: segments of before lack them. */
  #source;
  #rows = 0;

  /** @param bytes - how long all messages are together */
  constructor(
    private readonly firstOffset: number,
    private readonly origin: BatchOrigin,
    bytes: number,
  ) {
    this.#columns = {
      class: new TextColumn(),
      reason: new TextColumn(),
      event_id: new TextColumn(),
      type: new TextColumn(),
      subtype: new TextColumn(),
      gateway: new TextColumn(),
      stream_id: new TextColumn(),
      request_id: new TextColumn(),
      event_time: new LongColumn(UTC_MILLIS),
      envelope_time: new LongColumn(UTC_MILLIS),
      data: new BytesColumn(new Utf8(), bytes * DATA_SHARE),
      envelope: new BytesColumn(new Utf8(), bytes * (1 - DATA_SHARE)),
      data_at: new IntColumn(),
      raw: new BytesColumn(new Binary(), 0),
      raw_length: new LongColumn(new Int64()),
      raw_sha256: new TextColumn(),
    };
    this.#source = {
      source_topic: new TextColumn(),
      source_partition: new IntColumn(),
      source_offset: new OffsetColumn(),
      source_next_offset: new OffsetColumn(),
    };
  }

  /** The offset after the last row. */
  get nextOffset(): number {
    return this.firstOffset + this.#rows;
  }

  /** @param at - the place of the message among those of the batch */
  addEvent(
    rowClass: 'accepted' | 'duplicate',
    entry: AcceptedEntry,
    at: number,
  ): void {
    const { event, raw, data, dataEnd } = entry;
    const columns = this.#columns;
    if (event.data_at === null) {
      columns.data.push(Buffer.from(data ?? ''));
      columns.envelope.push(raw);
    } else {
      columns.data.pushRange(raw, event.data_at, dataEnd);
      columns.envelope.pushWithout(raw, event.data_at, dataEnd);
    }
    this.#addNoRaw();
    this.#addRow(rowClass, null, event);
    this.#addSource(at);
  }

  /** @param at - the place of the message among those of the batch */
  addQuarantined(entry: QuarantinedEntry, at: number): void {
    this.#addNoEvent();
    this.#columns.raw.push(entry.raw);
    this.#columns.raw_length.push(entry.length);
    this.#columns.raw_sha256.push(entry.sha256);
    this.#addRow(entry.class, entry.reason, null);
    this.#addSource(at);
  }

  /** Adds the last row and gives the record batch. */
  finish(counts: IngestCounts): RecordBatch {
    this.#addNoEvent();
    this.#addNoRaw();
    this.#addRow('batch', null, null);
    this.#addSource(0, this.origin.records?.nextOffset);
    const rows = this.#rows;
    const countsColumn = new TextColumn();
    for (let row = 1; row < rows; row++) countsColumn.push(null);
    countsColumn.push(JSON.stringify(counts));

    const toData = (columns: Record<string, { toData(): Data }>) =>
      Object.fromEntries(
        Object.entries(columns).map(([name, c]) => [name, c.toData()]),
      );
    return toRecordBatch({
      offset: consecutive(this.firstOffset, rows),
      ...toData(this.#columns),
      received_at: repeatedTime(this.origin.receivedAt, rows),
      source: repeatedText(this.origin.source, rows),
      counts: countsColumn.toData(),
      gate_version: repeatedInt(GATE_VERSION, rows),
      ...toData(this.#source),
    });
  }

  #addNoEvent(): void {
    this.#columns.data.pushNull();
    this.#columns.envelope.pushNull();
  }

  #addNoRaw(): void {
    this.#columns.raw.pushNull();
    this.#columns.raw_length.push(null);
    this.#columns.raw_sha256.push(null);
  }

  #addSource(at: number, nextOffset: bigint | null = null): void {
    const { records } = this.origin;
    this.#source.source_topic.push(records?.topic ?? null);
    this.#source.source_partition.push(records?.partition ?? null);
    this.#source.source_offset.push(records?.offsets[at] ?? null);
    this.#source.source_next_offset.push(nextOffset);
  }

  #addRow(
    rowClass: string,
    reason: string | null,
    event: EventColumns | null,
  ): void {
    const columns = this.#columns;
    this.#rows++;
    columns.class.push(rowClass);
    columns.reason.push(reason);
    columns.event_id.push(event && event.event_id);
    columns.type.push(event && event.type);
    columns.subtype.push(event && event.subtype);
    columns.gateway.push(event && event.gateway);
    columns.stream_id.push(event && event.stream_id);
    columns.request_id.push(event && event.request_id);
    columns.event_time.push(event && event.event_time);
    columns.envelope_time.push(event && event.envelope_time);
    columns.data_at.push(event && event.data_at);
  }
}

/** Columns that hold a value in every row. */
const REQUIRED = new Set([
  'offset',
  'class',
  'received_at',
  'source',
  'gate_version',
]);

function toRecordBatch(columns: Record<string, Data>): RecordBatch {
  const children = Object.values(columns);
  const fields = Object.keys(columns).map(
    (name, i) => new Field(name, children[i].type, !REQUIRED.has(name)),
  );
  return new RecordBatch(
    new Schema(fields),
    makeData({
      type: new Struct(fields),
      length: children[0].length,
      nullCount: 0,
      children,
    }),
  );
}

const END_OF_STREAM_BYTES = 8;

function toStream(batch: RecordBatch): Uint8Array {
  const writer = new RecordBatchStreamWriter();
  writer.write(batch);
  writer.finish();
  return writer.toUint8Array(true);
}

function toSchemaMessage(schema: Schema): Uint8Array {
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  writer.finish();
  return writer.toUint8Array(true).slice(0, -END_OF_STREAM_BYTES);
}

const { schema: CURRENT_SCHEMA } = new SegmentBatch(
  0,
  { source: 'none', receivedAt: 0 },
  0,
).finish(noCounts());

/** The bytes that begin every segment: the schema as an IPC message. */
export const SEGMENT_SCHEMA = toSchemaMessage(CURRENT_SCHEMA);

/** What segments began with while they lacked some columns of today. */
function schemaWithout(...names: string[]): Uint8Array {
  const { fields } = CURRENT_SCHEMA;
  return toSchemaMessage(
    new Schema(fields.filter(({ name }) => !names.includes(name))),
  );
}

const SOURCE = [
  'source_topic',
  'source_partition',
  'source_offset',
  'source_next_offset',
];

/** All that a segment may begin with, the newest first. */
export const KNOWN_SCHEMAS = [
  SEGMENT_SCHEMA,
  // Before messages came from Kafka.
  schemaWithout(...SOURCE),
  // Before the version of the gate was kept.
  schemaWithout(...SOURCE, 'gate_version'),
  // Before messages were cut.
  schemaWithout(...SOURCE, 'gate_version', 'raw_length', 'raw_sha256'),
];

/** A record batch as the IPC message that is appended to a segment. */
export function toMessage(batch: RecordBatch): Uint8Array {
  return toStream(batch).subarray(SEGMENT_SCHEMA.length, -END_OF_STREAM_BYTES);
}
