import {
  acquire,
  FileLocks,
  freeBytes,
  type Held,
  LockedError,
  RESERVE_BYTES,
} from '@naap/system';
import { FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { addCounts, IngestCounts, noCounts } from '../counts';
import { lengthOf, Message } from '../message';
import { MESSAGE_COST, Turns } from '../turns';
import { Entry, toEntry } from './Entry';
import { EventLogError, toEventLogError } from './EventLogError';
import { addStored, BatchIdentities } from './BatchIdentities';
import { replayedIdentities } from '../replay/identities';
import { IdentityIndex } from './IdentityIndex';
import { Lane } from './Lane';
import { reindex } from './reindexed';
import {
  type BatchOrigin,
  SegmentBatch,
  SEGMENT_SCHEMA,
  toMessage,
} from './SegmentBatch';
import {
  listSegments,
  recoverSegment,
  SegmentFile,
  segmentPath,
  SegmentTail,
  storedRows,
  syncDirectory,
} from './segmentFile';
import { sliceOf, SourcePositions, type SourceRecords } from './SourceRecords';
import type { Positions } from '../positions';

/** A segment is full from this size on. */
const SEGMENT_BYTES = 64 * 1024 * 1024;
/** An append of more than this becomes several record batches. */
const BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_ROWS = 8 * 1024;
/** Appends that wait are made durable together, up to about this much. */
const GROUP_BYTES = 16 * 1024 * 1024;

export interface EventLogOptions {
  /** How long to wait for another process that has the log, ms; default 0. */
  waitMs?: number;
}

export interface AppendOptions {
  /** When the messages came in, unix ms; default now. Kept on a replay. */
  receivedAt?: number;
  /** One record batch, however large: after a crash all of it is there or nothing. */
  whole?: boolean;
  /** Where the messages lie in Kafka: kept with them, and the log knows afterwards how far it is there. */
  records?: SourceRecords;
}

/** What became of the messages of one append, and where it is in the log. */
export interface AppendResult extends IngestCounts {
  firstOffset: number;
  /** The offset after its last row. */
  nextOffset: number;
}

interface Append extends BatchOrigin {
  batches: Entry[][];
  bytes: number;
  resolve(result: AppendResult): void;
  reject(error: EventLogError): void;
}

const toMegabytes = (bytes: number) => Math.floor(bytes / (1024 * 1024));

function byteLength(entries: Entry[]): number {
  return entries.reduce((sum, { raw }) => sum + raw.length, 0);
}

/** Counts a message and adds its row, if it gets one. */
function addEntry(
  entry: Entry,
  batch: SegmentBatch,
  identities: BatchIdentities,
  counts: IngestCounts,
): void {
  const at = counts.read++;
  const likeness = identities.judge(entry);
  if (likeness !== 'unknown') {
    counts.duplicate++;
    // Silver chooses among copies that differ.
    if (entry.class === 'accepted' && likeness === 'different') {
      batch.addEvent('duplicate', entry, at);
    }
    return;
  }
  counts[entry.class]++;
  if (entry.class === 'accepted') {
    batch.addEvent('accepted', entry, at);
  } else {
    counts.reasons[entry.reason] = (counts.reasons[entry.reason] ?? 0) + 1;
    batch.addQuarantined(entry, at);
  }
}

/** Entries in slices: large appends don't keep others waiting. */
async function toEntries(
  messages: readonly Message[],
  receivedAt: number,
): Promise<Entry[]> {
  const turns = new Turns();
  const entries: Entry[] = [];
  for (const message of messages) {
    if (turns.isOver(MESSAGE_COST + lengthOf(message))) await turns.next();
    entries.push(toEntry(message, receivedAt));
  }
  return entries;
}

function toBatches(entries: Entry[]): Entry[][] {
  const batches: Entry[][] = [];
  let batch: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (
      batch.length > 0 &&
      (bytes + entry.raw.length > BATCH_BYTES || batch.length >= BATCH_ROWS)
    ) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += entry.raw.length;
  }
  batches.push(batch);
  return batches;
}

/** The right to the log of a home. */
async function lockLog(home: string, waitMs: number): Promise<Held> {
  const folder = join(home, 'run');
  try {
    return await acquire(new FileLocks(folder), 'event-log', {
      what: `The event log of ${home}`,
      waitMs,
    });
  } catch (error) {
    if (error instanceof LockedError) {
      throw new EventLogError('LOCKED', error.message, { cause: error });
    }
    throw toEventLogError(error, `lock ${folder}/event-log.lock`);
  }
}

/**
 * The durable log of all messages that came in, classified and deduplicated:
 * the segments of docs/architecture.md. One process owns it at a time.
 */
export class EventLog {
  #queue: Append[] = [];
  #classifying = new Lane();
  #writing = new Lane();
  #isScheduled = false;
  #isClosed = false;
  #handle: FileHandle | undefined;
  #sources: SourcePositions;

  private constructor(
    private readonly directory: string,
    private readonly lock: Held,
    private readonly index: IdentityIndex,
    private segments: SegmentFile[],
    /** Bytes of the last segment that hold whole batches; it is full from SEGMENT_BYTES on. */
    private size: number,
    private offset: number,
  ) {
    this.#sources = new SourcePositions(index.checkpointSources);
  }

  /**
   * Opens the log in `home`, which is made if needed, and mends what a crash
   * left.
   *
   * @throws EventLogError LOCKED if another process has it, NO_ACCESS,
   *   NO_SPACE, CORRUPT or IO
   */
  static async open(
    home: string,
    options: EventLogOptions = {},
  ): Promise<EventLog> {
    const lock = await lockLog(home, options.waitMs ?? 0);
    try {
      return await EventLog.#recover(join(home, 'log'), lock);
    } catch (error) {
      await lock.release();
      throw toEventLogError(error, `open the event log in ${home}`);
    }
  }

  static async #recover(directory: string, lock: Held): Promise<EventLog> {
    await mkdir(directory, { recursive: true });
    const index = await IdentityIndex.open(join(directory, 'index'));
    const segments = await listSegments(directory);
    let tail: SegmentTail | null = null;
    while (segments.length > 0 && tail === null) {
      tail = await recoverSegment(segments[segments.length - 1]);
      if (tail === null) segments.pop();
    }
    const firstOffset = segments[0]?.firstOffset ?? index.checkpointOffset;
    if (firstOffset > index.checkpointOffset) {
      throw new EventLogError(
        'CORRUPT',
        `The log in ${directory} begins at offset ${firstOffset}, but its index ends at ${index.checkpointOffset}: restore ${directory} from a backup.`,
      );
    }
    const offset = Math.max(tail?.nextOffset ?? 0, index.checkpointOffset);
    const log = new EventLog(
      directory,
      lock,
      index,
      segments,
      tail?.isOpen ? tail.bytes : SEGMENT_BYTES,
      offset,
    );
    await log.#replayRows();
    return log;
  }

  /** The offset that the next row gets; all before it is durable. */
  get nextOffset(): number {
    return this.offset;
  }

  /** How far it is with each partition of Kafka, by `<topic>/<partition>`: all below that is durable in it, once. */
  get sourcePositions(): Positions {
    return this.#sources.all;
  }

  /** What is free where the log is, and whether that is so little that it takes nothing. */
  async room(): Promise<{ freeBytes: number; full: boolean }> {
    const free = await freeBytes(this.directory);
    return { freeBytes: free, full: free < RESERVE_BYTES };
  }

  /** Rejects with an EventLogError while it takes nothing. */
  async check(): Promise<void> {
    this.#assertOpen();
    await this.#assertRoom(0);
  }

  /** The segments on disk, in order; the last one may still grow. */
  get segmentFiles(): readonly SegmentFile[] {
    return this.segments;
  }

  /**
   * Classifies and appends messages. When it resolves, all of it is on disk;
   * when it rejects, none of it is acknowledged: send it again, what did get to
   * the disk then counts as a duplicate.
   *
   * @param messages - one message each, without line ends
   * @param source - who brought them, not empty
   */
  async append(
    messages: readonly Message[],
    source: string,
    options: AppendOptions = {},
  ): Promise<AppendResult> {
    this.#assertOpen();
    if (messages.length === 0) {
      await this.#assertRoom(0);
      const { offset } = this;
      return { ...noCounts(), firstOffset: offset, nextOffset: offset };
    }
    const receivedAt = options.receivedAt ?? Date.now();
    return new Promise((resolve, reject) => {
      this.#classifying
        .run(async () => {
          const entries = await toEntries(messages, receivedAt);
          this.#queue.push({
            batches: options.whole ? [entries] : toBatches(entries),
            bytes: byteLength(entries),
            source,
            receivedAt,
            records: options.records,
            resolve,
            reject,
          });
          this.#scheduleCommit();
        })
        .catch(reject);
    });
  }

  /**
   * Removes the segments of which all rows are before `offset`; the one that is
   * written to stays. Their identities are kept.
   */
  async removeSegmentsBefore(offset: number): Promise<void> {
    await this.#writing
      .run(async () => {
        const end = (i: number) =>
          this.segments[i + 1]?.firstOffset ?? Infinity;
        const isDone = (_: SegmentFile, i: number) => end(i) <= offset;
        const done = this.segments.filter(isDone);
        if (done.length === 0) return;
        await this.#checkpoint();
        for (const segment of done) {
          await unlink(segment.path);
          this.segments = this.segments.filter(other => other !== segment);
        }
        await syncDirectory(this.directory);
      })
      .catch(error => {
        throw toEventLogError(error, `remove segments in ${this.directory}`);
      });
  }

  /**
   * Brings the identities to what a replay made of messages, for good.
   *
   * @param paths - the Arrow IPC files that the replay left
   */
  async reindex(paths: readonly string[]): Promise<void> {
    await this.#writing
      .run(async () => {
        await reindex(this.index, replayedIdentities(paths));
        await this.#checkpoint();
      })
      .catch(error => {
        throw toEventLogError(error, `index the log in ${this.directory}`);
      });
  }

  /** Finishes what was appended and gives the log free. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      await this.#classifying.run(async () => undefined);
      while (this.#isScheduled) await this.#writing.run(async () => undefined);
      await this.#writing.run(async () => {
        await this.#handle?.close();
        await this.#checkpoint();
      });
    } catch (error) {
      throw toEventLogError(error, `close the event log in ${this.directory}`);
    } finally {
      await this.lock.release();
    }
  }

  #scheduleCommit(): void {
    if (this.#isScheduled || this.#queue.length === 0) return;
    this.#isScheduled = true;
    this.#writing.run(async () => {
      this.#isScheduled = false;
      const group = this.#takeGroup();
      this.#scheduleCommit();
      await this.#commit(group);
    });
  }

  #takeGroup(): Append[] {
    let bytes = 0;
    let length = 0;
    while (length < this.#queue.length && bytes < GROUP_BYTES) {
      bytes += this.#queue[length++].bytes;
    }
    return this.#queue.splice(0, length);
  }

  async #replayRows(): Promise<void> {
    const from = this.index.checkpointOffset;
    for (const [i, segment] of this.segments.entries()) {
      const next = this.segments[i + 1]?.firstOffset ?? this.offset;
      if (next <= from) continue;
      for await (const row of storedRows(segment, from)) {
        if (row.class !== 'batch') addStored(this.index, row);
        else this.#sources.move(row.topic, row.partition, row.nextOffset);
      }
    }
  }

  /** Writes a group of appends, makes it durable, and says so to them. */
  async #commit(group: Append[]): Promise<void> {
    const results: AppendResult[] = [];
    const taken: SourceRecords[] = [];
    let failure: unknown;
    try {
      const bytes = group.reduce((sum, append) => sum + append.bytes, 0);
      await this.#assertRoom(bytes);
      await this.#openSegment();
      for (const append of group)
        results.push(await this.#write(append, taken));
    } catch (error) {
      failure = error;
    }
    try {
      await this.#handle?.datasync();
      for (const { topic, partition, nextOffset } of taken) {
        if (nextOffset !== null) {
          this.#sources.move(topic, partition, nextOffset);
        }
      }
    } catch (error) {
      results.length = 0;
      failure = error;
    }
    const doing = `write to the event log in ${this.directory}`;
    for (const [i, append] of group.entries()) {
      if (i < results.length) append.resolve(results[i]);
      else append.reject(toEventLogError(failure, doing));
    }
    if (this.size >= SEGMENT_BYTES) await this.#finishSegment();
    this.index.trim();
  }

  #assertOpen(): void {
    if (this.#isClosed) {
      throw new EventLogError('CLOSED', 'The event log is closed.');
    }
  }

  /** Refuses while there is room: a disk that is full to the last byte stops the databases beside the log, too. */
  async #assertRoom(bytes: number): Promise<void> {
    const { freeBytes: free } = await this.room();
    if (free - bytes >= RESERVE_BYTES) return;
    throw new EventLogError(
      'NO_SPACE',
      `The disk is full: ${toMegabytes(free)} MB are free for ${
        this.directory
      }, and ${toMegabytes(
        RESERVE_BYTES,
      )} MB are kept in reserve. Nothing of it was acknowledged: free some space and send it again.`,
    );
  }

  #checkpoint(): Promise<void> {
    return this.index.checkpoint(this.offset, this.sourcePositions);
  }

  async #openSegment(): Promise<void> {
    if (this.#handle) return;
    const last = this.segments.at(-1);
    if (last && this.size < SEGMENT_BYTES) {
      this.#handle = await open(last.path, 'r+');
      return;
    }
    const firstOffset = this.offset;
    const path = segmentPath(this.directory, firstOffset);
    const handle = await open(path, 'w');
    try {
      await handle.writeFile(SEGMENT_SCHEMA);
      await syncDirectory(this.directory);
    } catch (error) {
      await handle.close();
      throw error;
    }
    this.size = SEGMENT_SCHEMA.length;
    this.segments = [...this.segments, { path, firstOffset }];
    this.#handle = handle;
  }

  async #finishSegment(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
    try {
      await this.#checkpoint();
    } catch {
      // A full disk, say. The identities stay in memory and in the segments,
      // and the next checkpoint takes them; all rows are durable already.
    }
  }

  /** @param taken - gets what records of Kafka were written */
  async #write(append: Append, taken: SourceRecords[]): Promise<AppendResult> {
    const firstOffset = this.offset;
    const total = noCounts();
    for (const batch of append.batches) {
      const { read } = total;
      const records =
        append.records && sliceOf(append.records, read, read + batch.length);
      const counts = await this.#writeBatch(batch, { ...append, records });
      addCounts(total, counts);
      if (records) taken.push(records);
    }
    return { ...total, firstOffset, nextOffset: this.offset };
  }

  async #writeBatch(
    entries: Entry[],
    origin: BatchOrigin,
  ): Promise<IngestCounts> {
    const handle = this.#handle;
    if (!handle) throw new Error('no segment is open');
    const bytes = byteLength(entries);
    const batch = new SegmentBatch(this.offset, origin, bytes);
    const counts = noCounts();
    const identities = await BatchIdentities.prepare(
      this.index,
      entries,
      origin.receivedAt,
    );
    const turns = new Turns();
    for (const entry of entries) {
      if (turns.isOver(MESSAGE_COST + entry.raw.length)) await turns.next();
      addEntry(entry, batch, identities, counts);
    }
    await this.#writeBytes(handle, toMessage(batch.finish(counts)));
    // A reader may have the batch from now on: it is never taken back.
    this.offset = batch.nextOffset;
    identities.keep();
    return counts;
  }

  /** Appends to the segment, all or nothing. */
  async #writeBytes(handle: FileHandle, bytes: Uint8Array): Promise<void> {
    let written = 0;
    try {
      while (written < bytes.length) {
        const { bytesWritten } = await handle.write(
          bytes,
          written,
          bytes.length - written,
          this.size + written,
        );
        written += bytesWritten;
      }
    } catch (error) {
      // If even this fails, the next batch overwrites what is there.
      await handle.truncate(this.size).catch(() => undefined);
      throw error;
    }
    this.size += bytes.length;
  }
}
