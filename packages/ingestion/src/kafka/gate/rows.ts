import { type Classification, classify, GATE_VERSION } from '@naap/events';
import type { IHeaders } from 'kafkajs';
import { type IngestCounts, noCounts } from '../../counts';
import { cut } from '../../message';
import { MESSAGE_COST, Turns } from '../../turns';
import { cutOf } from '../cutRecord';
import { sourceOf } from '../sourceHeader';

/** A transaction is no larger: what goes to one topic has to fit into one record batch (`max.message.bytes`). */
const MAX_ROWS = 1_000;
const MAX_BYTES = 3 * 1024 * 1024;

/** A record of a source topic, as far as it is read. */
export interface SourceRecord {
  offset: string;
  /** Null in a tombstone: an empty message, which is rejected and counted as any that is none. */
  value: Buffer | null;
  headers?: IHeaders;
}

/** What one transaction writes: JSON texts of rows as bronze has them, and where the partition goes on. */
export interface GateBatch {
  events: Buffer[];
  quarantine: Buffer[];
  /** The one row of `bronze.batches`. */
  batch: Buffer;
  counts: IngestCounts;
  /** Unix ms: when the records were taken; the time of every row. */
  receivedAt: number;
  nextOffset: bigint;
}

const NOTHING = Buffer.alloc(0);
const TOO_LARGE: Classification = { class: 'rejected', reason: 'too_large' };

/** JSON of columns without its last bracket: more follow. */
const open = (columns: object) => JSON.stringify(columns).slice(0, -1);
/** And of more without its first one. */
const follow = (columns: object) => `,${open(columns).slice(1)}`;

/** The rows of one transaction, as they grow. */
class Growing {
  readonly events: Buffer[] = [];
  readonly quarantine: Buffer[] = [];
  readonly counts = noCounts();
  readonly receivedAt = Date.now();
  #bytes = 0;

  /** What all rows end with, up to the offset: that is a text up to here, as numbers lose digits over 2^53. */
  readonly #place: string;
  readonly #tail: string;

  constructor(
    topic: string,
    partition: number,
    /** Of all its records: their counts are one row. */
    readonly source: string,
    private readonly firstOffset: bigint,
  ) {
    const place = { source_topic: topic, source_partition: partition };
    this.#place = `${follow(place)},"source_offset":`;
    const judged = { source, gate_version: GATE_VERSION };
    this.#tail = `${follow(judged)}${this.#place}`;
  }

  get isFull(): boolean {
    return this.counts.read >= MAX_ROWS || this.#bytes >= MAX_BYTES;
  }

  add({ offset, value, headers }: SourceRecord): void {
    const raw = value ?? NOTHING;
    const { receivedAt, counts } = this;
    const cutBefore = cutOf(raw, headers);
    const result = cutBefore ? TOO_LARGE : classify(raw, receivedAt);
    counts.read++;
    counts[result.class]++;
    if (result.class === 'accepted') {
      const row = `${open(result.event)},"ingested_at":${receivedAt}`;
      this.#push(this.events, row, offset);
      return;
    }
    const { reason } = result;
    counts.reasons[reason] = (counts.reasons[reason] ?? 0) + 1;
    const whole = { head: raw, length: raw.length, sha256: null };
    const kept = reason === 'too_large' ? cutBefore ?? cut(raw) : whole;
    const row = open({
      class: result.class,
      reason,
      raw: kept.head.toString('base64'),
      seen_at: receivedAt,
      raw_length: kept.length,
      raw_sha256: kept.sha256,
    });
    this.#push(this.quarantine, row, offset);
  }

  finish(nextOffset: bigint): GateBatch {
    const { events, quarantine, counts, receivedAt } = this;
    const { reasons, ...numbers } = counts;
    const row = open({
      received_at: receivedAt,
      source: this.source,
      ...numbers,
      reasons: JSON.stringify(reasons),
    });
    const batch = Buffer.from(
      `${row}${this.#place}${
        this.firstOffset
      },"source_next_offset":${nextOffset}}`,
    );
    return { events, quarantine, batch, counts, receivedAt, nextOffset };
  }

  #push(rows: Buffer[], columns: string, offset: string): void {
    const row = Buffer.from(`${columns}${this.#tail}${offset}}`);
    rows.push(row);
    this.#bytes += row.length;
  }
}

/**
 * Judges records of one partition and gives what each transaction writes, in
 * their order, bounded in rows and bytes and each of one source. Nothing is deduplicated: the gate
 * remembers nothing, and silver drops what came twice.
 *
 * @param records - by ascending offset
 * @param nextOffset - where the partition goes on after them; what lies between is no message
 */
export async function* gateBatches(
  topic: string,
  partition: number,
  records: readonly SourceRecord[],
  nextOffset: bigint,
): AsyncGenerator<GateBatch> {
  const turns = new Turns();
  let growing: Growing | undefined;
  for (const record of records) {
    const source = sourceOf(record.headers);
    if (growing && (growing.isFull || growing.source !== source)) {
      yield growing.finish(BigInt(record.offset));
      growing = undefined;
    }
    growing ??= new Growing(topic, partition, source, BigInt(record.offset));
    growing.add(record);
    const bytes = record.value?.length ?? 0;
    if (turns.isOver(MESSAGE_COST + bytes)) await turns.next();
  }
  if (growing) yield growing.finish(nextOffset);
}
