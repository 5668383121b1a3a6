import { BronzeEvent } from '@naap/events';
import {
  Field,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
} from 'apache-arrow';
import { IngestCounts, noCounts } from '../counts';
import {
  BytesColumn,
  IntColumn,
  OffsetColumn,
  TextColumn,
  TimeColumn,
} from './columns';

/** What all rows of a batch share. */
export interface BatchOrigin {
  source: string;
  /** Unix ms. */
  receivedAt: number;
}

/**
 * The rows of one record batch of a segment, in the columns of
 * docs/architecture.md.
 */
export class SegmentBatch {
  #columns = {
    offset: new OffsetColumn(),
    class: new TextColumn(),
    reason: new TextColumn(),
    event_id: new TextColumn(),
    type: new TextColumn(),
    subtype: new TextColumn(),
    gateway: new TextColumn(),
    stream_id: new TextColumn(),
    request_id: new TextColumn(),
    event_time: new TimeColumn(),
    envelope_time: new TimeColumn(),
    data: new TextColumn(),
    envelope: new TextColumn(),
    data_at: new IntColumn(),
    raw: new BytesColumn(),
    received_at: new TimeColumn(),
    source: new TextColumn(),
    counts: new TextColumn(),
  };
  #nextOffset: number;

  constructor(firstOffset: number, private readonly origin: BatchOrigin) {
    this.#nextOffset = firstOffset;
  }

  /** The offset after the last row. */
  get nextOffset(): number {
    return this.#nextOffset;
  }

  addEvent(rowClass: 'accepted' | 'duplicate', event: BronzeEvent): void {
    this.#add(rowClass, null, event, null, null);
  }

  addQuarantined(
    rowClass: 'ignored' | 'rejected',
    reason: string,
    raw: Uint8Array,
  ): void {
    this.#add(rowClass, reason, null, raw, null);
  }

  /** Adds the last row and gives the record batch. */
  finish(counts: IngestCounts): RecordBatch {
    this.#add('batch', null, null, null, counts);
    return toRecordBatch(this.#columns);
  }

  #add(
    rowClass: string,
    reason: string | null,
    event: BronzeEvent | null,
    raw: Uint8Array | null,
    counts: IngestCounts | null,
  ): void {
    const columns = this.#columns;
    columns.offset.push(this.#nextOffset++);
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
    columns.data.push(event && event.data);
    columns.envelope.push(event && event.envelope);
    columns.data_at.push(event && event.data_at);
    columns.raw.push(raw);
    columns.received_at.push(this.origin.receivedAt);
    columns.source.push(this.origin.source);
    columns.counts.push(counts && JSON.stringify(counts));
  }
}

type Column = OffsetColumn | TextColumn | TimeColumn | IntColumn | BytesColumn;

/** Columns that hold a value in every row. */
const REQUIRED = new Set(['offset', 'class', 'received_at', 'source']);

function toRecordBatch(columns: Record<string, Column>): RecordBatch {
  const children = Object.values(columns).map(column => column.toData());
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

function toSchemaMessage({ schema }: RecordBatch): Uint8Array {
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  writer.finish();
  return writer.toUint8Array(true).slice(0, -END_OF_STREAM_BYTES);
}

/** The bytes that begin every segment: the schema as an IPC message. */
export const SEGMENT_SCHEMA = toSchemaMessage(
  new SegmentBatch(0, { source: 'none', receivedAt: 0 }).finish(noCounts()),
);

/** A record batch as the IPC message that is appended to a segment. */
export function toMessage(batch: RecordBatch): Uint8Array {
  return toStream(batch).subarray(SEGMENT_SCHEMA.length, -END_OF_STREAM_BYTES);
}
