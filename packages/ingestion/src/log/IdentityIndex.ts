import {
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  truncate,
  unlink,
} from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, EventLogError } from './EventLogError';
import { FINGERPRINT_INTS } from './fingerprint';
import { IdentityTable } from './IdentityTable';
import { syncDirectory } from './segmentFile';

const DAY_MS = 24 * 60 * 60 * 1000;
const SUFFIX = '.ids';
const CHECKPOINT = 'checkpoint.json';
/** Tables of days beyond this are dropped from memory, the oldest used first. */
const MAX_TABLE_BYTES = 256 * 1024 * 1024;

interface Checkpoint {
  /** The index files hold the identities of all rows before this offset. */
  offset: number;
  /** How many bytes of each file are theirs. */
  days: Record<string, number>;
}

function toBytes({ buffer, byteOffset, byteLength }: Int32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The UTC day of a time in unix ms, as days since 1970. */
export function dayNumber(time: number): number {
  return Math.floor(time / DAY_MS);
}

/** As in `2026-01-09`. */
function dayName(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/**
 * The identities of all accepted messages by envelope day: in memory for the
 * days in use, on disk in one file a day that only grows, and only at a
 * checkpoint. What came after it is read back from the segments at the start.
 */
export class IdentityIndex {
  #tables = new Map<number, IdentityTable>();
  /** Lists of fingerprints that are not in the files yet. */
  #pending = new Map<number, Int32Array[]>();

  private constructor(
    private readonly directory: string,
    private checkpointed: Checkpoint,
  ) {}

  /** Opens the index as of its last checkpoint. */
  static async open(directory: string): Promise<IdentityIndex> {
    await mkdir(directory, { recursive: true });
    const checkpoint = await readCheckpoint(directory);
    await cutToCheckpoint(directory, checkpoint);
    return new IdentityIndex(directory, checkpoint);
  }

  /** All rows before this offset are on disk in the index. */
  get checkpointOffset(): number {
    return this.checkpointed.offset;
  }

  /** The table of a day, from disk if it is not in memory. */
  async table(day: number): Promise<IdentityTable> {
    const known = this.#tables.get(day);
    if (known) {
      // Last in the order of the map: dropped last.
      this.#tables.delete(day);
      this.#tables.set(day, known);
      return known;
    }
    const lists = [await this.#read(day), ...(this.#pending.get(day) ?? [])];
    const ints = lists.reduce((sum, list) => sum + list.length, 0);
    const table = new IdentityTable(ints / FINGERPRINT_INTS);
    for (const list of lists) {
      for (let at = 0; at < list.length; at += FINGERPRINT_INTS) {
        table.add(list, at);
      }
    }
    this.#tables.set(day, table);
    return table;
  }

  /** Adds fingerprints of accepted messages that the log holds. */
  add(day: number, list: Int32Array): void {
    const table = this.#tables.get(day);
    for (let at = 0; table && at < list.length; at += FINGERPRINT_INTS) {
      table.add(list, at);
    }
    const pending = this.#pending.get(day);
    if (pending) pending.push(list);
    else this.#pending.set(day, [list]);
  }

  /** Drops tables from memory until the rest is small enough. */
  trim(maxBytes = MAX_TABLE_BYTES): void {
    let bytes = 0;
    for (const table of this.#tables.values()) bytes += table.byteLength;
    for (const [day, table] of this.#tables) {
      if (bytes <= maxBytes || this.#tables.size === 1) return;
      this.#tables.delete(day);
      bytes -= table.byteLength;
    }
  }

  /**
   * Makes the identities of all rows before `offset` durable. If it fails, the
   * last checkpoint holds and all that was added is kept for the next.
   */
  async checkpoint(offset: number): Promise<void> {
    if (offset === this.checkpointed.offset) return;
    const days = { ...this.checkpointed.days };
    for (const [day, lists] of this.#pending) {
      const name = dayName(day);
      const bytes = Buffer.concat(lists.map(toBytes));
      days[name] = await this.#append(name, bytes, days[name] ?? 0);
    }
    const checkpoint = { offset, days };
    const path = join(this.directory, CHECKPOINT);
    const handle = await open(`${path}.new`, 'w');
    try {
      await handle.writeFile(JSON.stringify(checkpoint));
      await handle.sync();
    } finally {
      await handle.close();
    }
    // The names of new files first: the checkpoint counts on them.
    await syncDirectory(this.directory);
    await rename(`${path}.new`, path);
    await syncDirectory(this.directory);
    this.checkpointed = checkpoint;
    this.#pending.clear();
  }

  #path(name: string): string {
    return join(this.directory, `${name}${SUFFIX}`);
  }

  async #read(day: number): Promise<Int32Array> {
    const name = dayName(day);
    const length = this.checkpointed.days[name] ?? 0;
    if (length === 0) return new Int32Array(0);
    const bytes = await readFile(this.#path(name));
    // A copy, as small files are read into a pool that is not aligned.
    return new Int32Array(new Uint8Array(bytes.subarray(0, length)).buffer);
  }

  async #append(name: string, bytes: Buffer, at: number): Promise<number> {
    const handle = await open(this.#path(name), at === 0 ? 'w' : 'r+');
    try {
      let written = 0;
      while (written < bytes.length) {
        const { bytesWritten } = await handle.write(
          bytes,
          written,
          bytes.length - written,
          at + written,
        );
        written += bytesWritten;
      }
      await handle.datasync();
    } finally {
      await handle.close();
    }
    return at + bytes.length;
  }
}

async function readCheckpoint(directory: string): Promise<Checkpoint> {
  const path = join(directory, CHECKPOINT);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { offset: 0, days: {} };
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(directory, `${path} is no JSON`);
  }
}

/** Undoes what a checkpoint wrote that was not finished. */
async function cutToCheckpoint(
  directory: string,
  { days }: Checkpoint,
): Promise<void> {
  const present = new Set<string>();
  for (const name of await readdir(directory)) {
    if (!name.endsWith(SUFFIX)) continue;
    const day = name.slice(0, -SUFFIX.length);
    const path = join(directory, name);
    const length = days[day] ?? 0;
    if (length === 0) {
      await unlink(path);
      continue;
    }
    const handle = await open(path, 'r');
    const { size } = await handle.stat();
    await handle.close();
    if (size < length) throw damaged(directory, `${path} is too short`);
    if (size > length) await truncate(path, length);
    present.add(day);
  }
  for (const day of Object.keys(days)) {
    if (!present.has(day)) {
      throw damaged(directory, `${join(directory, day + SUFFIX)} is missing`);
    }
  }
}

function damaged(directory: string, what: string): EventLogError {
  return new EventLogError(
    'CORRUPT',
    `${what}. Restore it from a backup, or delete ${directory} to rebuild it from the segments.`,
  );
}
