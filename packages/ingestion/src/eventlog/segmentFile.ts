import { splice } from '@naap/events';
import { RecordBatch, RecordBatchReader } from 'apache-arrow';
import { open, readdir, readFile, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { EventLogError } from './EventLogError';
import { KNOWN_SCHEMAS, SEGMENT_SCHEMA } from './SegmentBatch';

const SUFFIX = '.arrows';
const CONTINUATION = 0xffffffff;
const PREFIX_BYTES = 8;
/** The slot of `bodyLength` in the vtable of an Arrow IPC message. */
const BODY_LENGTH_SLOT = 4 + 2 * 3;

export interface SegmentFile {
  path: string;
  firstOffset: number;
}

export function segmentPath(directory: string, firstOffset: number): string {
  return join(directory, `${firstOffset}${SUFFIX}`);
}

/** The segments of a log in order. */
export async function listSegments(directory: string): Promise<SegmentFile[]> {
  return (await readdir(directory))
    .filter(name => /^\d+\.arrows$/.test(name))
    .map(name => ({
      path: join(directory, name),
      firstOffset: Number(name.slice(0, -SUFFIX.length)),
    }))
    .sort((a, b) => a.firstOffset - b.firstOffset);
}

/** Makes the names in a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The length of the IPC message at `start`, or null if it is not whole. */
function messageLength(bytes: Buffer, start: number): number | null {
  try {
    if (bytes.readUInt32LE(start) !== CONTINUATION) return null;
    const metadataLength = bytes.readInt32LE(start + 4);
    const metadata = start + PREFIX_BYTES;
    if (metadataLength <= 0 || metadata + metadataLength > bytes.length) {
      return null;
    }
    const table = metadata + bytes.readUInt32LE(metadata);
    const vtable = table - bytes.readInt32LE(table);
    const hasBody = bytes.readUInt16LE(vtable) > BODY_LENGTH_SLOT;
    const field = hasBody ? bytes.readUInt16LE(vtable + BODY_LENGTH_SLOT) : 0;
    const bodyLength = field ? Number(bytes.readBigInt64LE(table + field)) : 0;
    const length = PREFIX_BYTES + metadataLength + bodyLength;
    return bodyLength >= 0 && start + length <= bytes.length ? length : null;
  } catch {
    // Lengths that point out of the file.
    return null;
  }
}

/** Where the whole record batches of a segment stand, from `start` on. */
function wholeBatches(
  bytes: Buffer,
  from: number,
): Array<[start: number, end: number]> {
  const batches: Array<[number, number]> = [];
  let start = from;
  for (
    let length = messageLength(bytes, start);
    length !== null;
    length = messageLength(bytes, start)
  ) {
    batches.push([start, start + length]);
    start += length;
  }
  return batches;
}

function* decode(bytes: Uint8Array): Generator<RecordBatch> {
  yield* RecordBatchReader.from(bytes);
}

function decodeOne(
  schema: Uint8Array,
  message: Buffer,
): RecordBatch | undefined {
  const bytes = Buffer.concat([schema, message]);
  return decode(bytes).next().value ?? undefined;
}

/** The offset after a batch, or null if it is damaged. */
function offsetAfter(schema: Uint8Array, message: Buffer): number | null {
  try {
    const batch = decodeOne(schema, message);
    const last = batch ? batch.numRows - 1 : -1;
    if (!batch || batch.getChild('class')?.get(last) !== 'batch') return null;
    // The last bytes of the batch: text that was never written is no JSON.
    const counts = JSON.parse(batch.getChild('counts')?.get(last));
    if (counts === null) return null;
    const first = Number(batch.getChild('offset')?.get(0));
    const next = Number(batch.getChild('offset')?.get(last)) + 1;
    return next - first === batch.numRows ? next : null;
  } catch {
    return null;
  }
}

/** The schema that a segment begins with, as far as it goes. */
function schemaOf(bytes: Buffer): Uint8Array | undefined {
  return KNOWN_SCHEMAS.find(schema => {
    const length = Math.min(bytes.length, schema.length);
    return bytes.subarray(0, length).equals(schema.subarray(0, length));
  });
}

/** The whole part of the last segment. */
export interface SegmentTail {
  bytes: number;
  /** The offset after it. */
  nextOffset: number;
  /** Whether it has the columns of today, so that more can be appended. */
  isOpen: boolean;
}

/**
 * Cuts what is not whole off the end of the last segment; a segment of which
 * nothing is whole is removed.
 *
 * @returns what is left, or null when it was removed
 * @throws EventLogError CORRUPT if it does not begin as a segment
 */
export async function recoverSegment(
  segment: SegmentFile,
): Promise<SegmentTail | null> {
  const bytes = await readFile(segment.path);
  const schema = schemaOf(bytes);
  if (!schema) {
    throw new EventLogError(
      'CORRUPT',
      `${segment.path} is damaged or of another version: restore it from a backup, or move it away.`,
    );
  }
  const batches = wholeBatches(bytes, schema.length);
  for (let last = batches.pop(); last; last = batches.pop()) {
    const [start, end] = last;
    const nextOffset = offsetAfter(schema, bytes.subarray(start, end));
    if (nextOffset !== null) {
      if (end < bytes.length) await truncate(segment.path, end);
      return { bytes: end, nextOffset, isOpen: schema === SEGMENT_SCHEMA };
    }
  }
  await unlink(segment.path);
  return null;
}

/** How far a batch of the log is in a partition of Kafka. */
export interface StoredSource {
  class: 'batch';
  topic: string;
  partition: number;
  nextOffset: bigint;
}

/** What the identity index needs of a row. */
export type StoredIdentity =
  | {
      class: 'accepted' | 'duplicate';
      eventId: string;
      /** Unix ms. */
      envelopeTime: number;
      raw: Buffer;
    }
  | {
      class: 'ignored' | 'rejected';
      /** Unix ms. */
      receivedAt: number;
      raw: Buffer;
      /** Of the whole, hex; null where `raw` is all of it. */
      sha256: string | null;
    };

/** The messages of a segment from an offset on, and how far its batches are in Kafka. */
export async function* storedRows(
  segment: SegmentFile,
  fromOffset: number,
): AsyncGenerator<StoredIdentity | StoredSource> {
  for (const batch of decode(await readFile(segment.path))) {
    const column = (name: string) => batch.getChild(name);
    const offsets = column('offset');
    const classes = column('class');
    for (let row = 0; row < batch.numRows; row++) {
      const rowClass = classes?.get(row);
      if (Number(offsets?.get(row)) < fromOffset) continue;
      if (rowClass === 'batch') {
        const nextOffset = column('source_next_offset')?.get(row) ?? null;
        if (nextOffset === null) continue;
        yield {
          class: rowClass,
          topic: column('source_topic')?.get(row),
          partition: column('source_partition')?.get(row),
          nextOffset,
        };
        continue;
      }
      if (rowClass === 'ignored' || rowClass === 'rejected') {
        yield {
          class: rowClass,
          receivedAt: Number(column('received_at')?.get(row)),
          raw: Buffer.from(column('raw')?.get(row)),
          sha256: column('raw_sha256')?.get(row) ?? null,
        };
        continue;
      }
      const envelope = column('envelope')?.get(row);
      const data = column('data')?.get(row);
      yield {
        class: rowClass,
        eventId: column('event_id')?.get(row),
        envelopeTime: Number(column('envelope_time')?.get(row)),
        raw: Buffer.from(splice(envelope, data, column('data_at')?.get(row))),
      };
    }
  }
}
