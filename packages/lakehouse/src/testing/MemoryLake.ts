import {
  type EventRow,
  MAX_PARSED_BYTES,
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
  type QuarantineKey,
  type QuarantineQuery,
  type RawEventQuery,
  type TimeRange,
} from '../BronzeReader';
import {
  BRONZE_TABLES,
  type BronzeTable,
  type LakeCatalog,
  type LakeTable,
  type TableSnapshot,
} from '../LakeCatalog';
import type { LogAppend, LogRow } from './logRows';

const TOPIC = 'network_events';

function isWithin({ from, to }: TimeRange, ms: number): boolean {
  const begin = timeOf(from, 'from') ?? -Infinity;
  return ms >= begin && ms < (timeOf(to, 'to') ?? Infinity);
}

const eventKey = (row: EventRow): EventKey => [
  row.envelope_time.getTime(),
  row.event_id,
  row.topic,
  Number(row.partition),
  Number(row.offset),
];

const quarantineKey = (row: QuarantineRow): QuarantineKey => [
  row.seen_at.getTime(),
  row.topic,
  Number(row.partition),
  Number(row.offset),
];

/** Below 0 where one key comes before another: part by part, null last. */
function inOrder<Key extends EventKey | QuarantineKey>(a: Key, b: Key): number {
  const at = a.findIndex((part, i) => part !== b[i]);
  if (at < 0) return 0;
  const [one, other] = [a[at], b[at]];
  if (one === null) return 1;
  return other === null || one < other! ? -1 : 1;
}

/** A lake of which every row is in memory. */
export class MemoryLake implements LakeCatalog, BronzeReader {
  readonly #events: EventRow[] = [];
  readonly #quarantine: QuarantineRow[] = [];
  /** Who brought each. */
  readonly #batches: string[] = [];
  readonly #snapshots = new Map<BronzeTable, TableSnapshot>();
  readonly #nextOffsets = new Map<number, number>();

  append(appends: LogAppend[], partition = 0): void {
    for (const { receivedAt, rows } of appends) {
      const first = this.#nextOffsets.get(partition) ?? 0;
      this.#nextOffsets.set(partition, first + rows.length + 1);
      rows.forEach((row, i) => {
        const place = { topic: TOPIC, partition, offset: first + i };
        if (row.class === 'accepted' || row.class === 'duplicate') {
          this.#events.push(eventRow(row, receivedAt, place));
        } else {
          this.#quarantine.push(quarantineRow(row, receivedAt, place));
        }
      });
      this.#batches.push('file');
    }
    const lengths = {
      events: this.#events.length,
      quarantine: this.#quarantine.length,
      batches: this.#batches.length,
    };
    for (const table of BRONZE_TABLES) this.#commit(table, lengths[table]);
  }

  #commit(table: BronzeTable, rows: number): void {
    const last = this.#snapshots.get(table);
    if (rows === (last?.rows ?? 0)) return;
    // Beyond what a number holds exactly.
    const id = String(BigInt(last?.id ?? 2n ** 62n) + 1n);
    const committedAt = new Date().toISOString();
    this.#snapshots.set(table, { id, rows, committedAt });
  }

  async tables(): Promise<LakeTable[]> {
    return BRONZE_TABLES.map(name => ({ name, properties: {} }));
  }

  async snapshot(table: BronzeTable): Promise<TableSnapshot | null> {
    return this.#snapshots.get(table) ?? null;
  }

  async rawEvents({ limit, after, ...query }: RawEventQuery) {
    const from = timeOf(query.from, 'from')!;
    const to = timeOf(query.to, 'to')!;
    const found = this.#events
      .filter(
        row =>
          row.request_id === query.requestId &&
          (query.streamId === undefined ||
            row.stream_id === null ||
            row.stream_id === query.streamId) &&
          row.envelope_time.getTime() >= from &&
          row.envelope_time.getTime() < to &&
          (!after || inOrder(after, eventKey(row)) < 0),
      )
      .sort((a, b) => inOrder(eventKey(a), eventKey(b)));
    const rows = readable(found.slice(0, limit));
    return { rows: rows.map(toRawEvent), more: found.length > rows.length };
  }

  async quarantine({ limit, after, ...query }: QuarantineQuery) {
    const matching = this.#quarantine
      .filter(
        row =>
          (query.class ?? row.class) === row.class &&
          (query.reason ?? row.reason) === row.reason &&
          isWithin(query, row.seen_at.getTime()),
      )
      .sort((a, b) => inOrder(quarantineKey(b), quarantineKey(a)));
    const left = matching
      .filter(row => !after || inOrder(quarantineKey(row), after) < 0)
      .slice(query.offset);
    return {
      total: matching.length,
      rows: left
        .slice(0, limit)
        .map(row => ({ ...row, raw: row.raw.subarray(0, SHOWN_BYTES) }))
        .map(toQuarantinedMessage),
      more: limit > 0 && left.length > limit,
    };
  }

  async message(place: MessagePlace): Promise<Uint8Array | null> {
    const isThere = (row: EventRow | QuarantineRow) =>
      row.topic === place.topic &&
      row.partition === place.partition &&
      row.offset === place.offset;
    const event = this.#events.find(isThere);
    if (!event) return this.#quarantine.find(isThere)?.raw ?? null;
    const { envelope, data, data_at: at } = event;
    return Buffer.from(
      at === null
        ? envelope
        : envelope.slice(0, at) + data + envelope.slice(at),
    );
  }

  async sources(): Promise<string[]> {
    return [...new Set(this.#batches)].sort();
  }

  async close(): Promise<void> {}
}

const textOf = (value: unknown) => (value as string | undefined) ?? null;

function eventRow(
  row: LogRow,
  receivedAt: number,
  place: MessagePlace,
): EventRow {
  const envelope = row.envelope as string;
  const data = row.data as string;
  const at = row.data_at as number | null;
  return {
    event_id: textOf(row.event_id),
    type: row.type as string,
    subtype: textOf(row.subtype),
    event_time: new Date(row.event_time as number),
    envelope_time: new Date(row.envelope_time as number),
    gateway: textOf(row.gateway),
    stream_id: textOf(row.stream_id),
    request_id: textOf(row.request_id),
    ...place,
    ingested_at: new Date(receivedAt),
    source: 'file',
    envelope,
    data,
    data_at: at,
    length: Buffer.byteLength(at === null ? envelope : envelope + data),
    said: saidIn(data),
  };
}

function saidIn(data: string): Array<string | null> | null {
  if (Buffer.byteLength(data) > MAX_PARSED_BYTES) return null;
  const parsed = JSON.parse(data);
  // Half of a character pair is no text.
  if (/\\ud[89a-f]/i.test(JSON.stringify(parsed))) return null;
  return Object.values(FACT_PATHS).map(path => {
    const found = path
      .split('.')
      .slice(1)
      .reduce((value, member) => value?.[member], parsed);
    if (found === undefined) return null;
    return typeof found === 'string'
      ? `"${found.slice(0, SHOWN_BYTES)}`
      : JSON.stringify(found);
  });
}

function quarantineRow(
  row: LogRow,
  receivedAt: number,
  place: MessagePlace,
): QuarantineRow {
  const raw = Uint8Array.from(Buffer.from(row.raw as string, 'base64'));
  return {
    class: row.class as QuarantineRow['class'],
    reason: row.reason as string,
    raw,
    raw_length: (row.raw_length as number | undefined) ?? raw.length,
    raw_sha256: textOf(row.raw_sha256),
    ...place,
    seen_at: new Date(receivedAt),
    source: 'file',
  };
}
