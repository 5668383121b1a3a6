import { randomUUID } from 'node:crypto';
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
import type { Positions } from '../positions';
import { errorCode, EventLogError } from './EventLogError';
import { FINGERPRINT_INTS } from './fingerprint';
import { Turns } from '../turns';
import { IdentityTable } from './IdentityTable';
import { syncDirectory } from './segmentFile';

const DAY_MS = 24 * 60 * 60 * 1000;
const SUFFIX = '.ids';
const COPIES = '.copies';
const QUARANTINED = '.quarantined';
const CHECKPOINT = 'checkpoint.json';
const FINGERPRINT_BYTES = 4 * FINGERPRINT_INTS;
/** Tables of days beyond this are dropped from memory, the oldest used first. */
const MAX_TABLE_BYTES = 256 * 1024 * 1024;

interface Checkpoint {
  /** The index files hold the identities of all rows before this offset. */
  offset: number;
  /** How many bytes of each file are theirs, by the name of the table. */
  days: Record<string, number>;
  /** What the files of tables are called that are not called as their table. */
  files?: Record<string, string>;
  /** How far those rows are with each partition of Kafka, in decimal digits. */
  sources?: Record<string, string>;
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

/** The table of the accepted messages of an envelope day. */
export const acceptedOf = dayName;

/** The table of the copies that differ from the accepted message, by all of their bytes. */
export function copiesOf(day: number): string {
  return dayName(day) + COPIES;
}

/**
 * The table of the messages that were ignored or rejected on a day, by all of
 * their bytes. It is asked for on that day and the next.
 */
export function quarantinedOn(day: number): string {
  return dayName(day) + QUARANTINED;
}

/** Whether nobody will ask for a table any more. */
function isOver(name: string): boolean {
  const yesterday = dayNumber(Date.now()) - 1;
  return name.endsWith(QUARANTINED) && name < quarantinedOn(yesterday);
}

/**
 * The identities of all messages that the log holds, in tables by day: in
 * memory for those in use, on disk in one file a table that only grows, and
 * only at a checkpoint. What came after it is read back from the segments at
 * the start.
 */
export class IdentityIndex {
  #tables = new Map<string, IdentityTable>();
  /** Lists of fingerprints that are not in the files yet. */
  #pending = new Map<string, Int32Array[]>();
  /** All of the tables of which something was taken out, without what is pending. */
  #replaced = new Map<string, Int32Array>();

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

  /** How far the log is with each partition of Kafka in the rows before it. */
  get checkpointSources(): Positions {
    const { sources = {} } = this.checkpointed;
    return new Map(
      Object.entries(sources).map(([partition, offset]) => [
        partition,
        BigInt(offset),
      ]),
    );
  }

  /** A table, from disk if it is not in memory. */
  async table(name: string): Promise<IdentityTable> {
    const known = this.#tables.get(name);
    if (known) {
      // Last in the order of the map: dropped last.
      this.#tables.delete(name);
      this.#tables.set(name, known);
      return known;
    }
    const lists = [await this.#read(name), ...(this.#pending.get(name) ?? [])];
    const ints = lists.reduce((sum, list) => sum + list.length, 0);
    const table = new IdentityTable(ints / FINGERPRINT_INTS);
    const turns = new Turns();
    for (const list of lists) {
      for (let at = 0; at < list.length; at += FINGERPRINT_INTS) {
        if (turns.isOver(FINGERPRINT_BYTES)) await turns.next();
        table.add(list, at);
      }
    }
    this.#tables.set(name, table);
    return table;
  }

  /** Adds fingerprints of messages that the log holds to a table. */
  add(name: string, list: Int32Array): void {
    const table = this.#tables.get(name);
    for (let at = 0; table && at < list.length; at += FINGERPRINT_INTS) {
      table.add(list, at);
    }
    const pending = this.#pending.get(name);
    if (pending) pending.push(list);
    else this.#pending.set(name, [list]);
  }

  /** Adds a fingerprint, unless the table has it or nobody will ask for it. */
  async addNew(name: string, print: Int32Array): Promise<void> {
    if (isOver(name)) return;
    const likeness = (await this.table(name)).find(print);
    if (likeness === 'unknown') this.add(name, print);
  }

  /** Takes fingerprints out of a table. */
  async remove(name: string, prints: readonly Int32Array[]): Promise<void> {
    const gone = new Set(prints.map(print => print.join()));
    const list = (await this.table(name)).toList();
    const kept: number[] = [];
    for (let at = 0; at < list.length; at += FINGERPRINT_INTS) {
      const print = list.subarray(at, at + FINGERPRINT_INTS);
      if (!gone.has(print.join())) kept.push(...print);
    }
    if (kept.length === list.length) return;
    this.#replaced.set(name, Int32Array.from(kept));
    this.#pending.delete(name);
    this.#tables.delete(name);
  }

  /** Drops tables from memory until the rest is small enough. */
  trim(maxBytes = MAX_TABLE_BYTES): void {
    let bytes = 0;
    for (const table of this.#tables.values()) bytes += table.byteLength;
    for (const [name, table] of this.#tables) {
      if (bytes <= maxBytes || this.#tables.size === 1) return;
      this.#tables.delete(name);
      bytes -= table.byteLength;
    }
  }

  /**
   * Makes the identities of all rows before `offset` durable, and how far these
   * are with partitions of Kafka. If it fails, the last checkpoint holds and
   * all that was added is kept for the next.
   */
  async checkpoint(
    offset: number,
    positions: Positions = this.checkpointSources,
  ): Promise<void> {
    const isChanged = this.#pending.size > 0 || this.#replaced.size > 0;
    if (offset === this.checkpointed.offset && !isChanged) return;
    const days = { ...this.checkpointed.days };
    const files = { ...this.checkpointed.files };
    const over = Object.keys(days).filter(isOver);
    const old = [...over, ...this.#replaced.keys()].map(name =>
      this.#path(name),
    );
    for (const name of over) {
      delete days[name];
      delete files[name];
    }
    for (const [name, list] of this.#replaced) {
      // A file of its own: until the checkpoint counts on it, the old one holds.
      files[name] = `${name}.${randomUUID()}`;
      days[name] = await this.#append(files[name], toBytes(list), 0);
    }
    for (const [name, lists] of this.#pending) {
      if (isOver(name)) continue;
      const bytes = Buffer.concat(lists.map(toBytes));
      const file = files[name] ?? name;
      days[name] = await this.#append(file, bytes, days[name] ?? 0);
    }
    for (const name of this.#replaced.keys()) {
      if (days[name] > 0) continue;
      delete days[name];
      delete files[name];
    }
    const sources = Object.fromEntries(
      [...positions].map(([partition, next]) => [partition, `${next}`]),
    );
    const checkpoint: Checkpoint = { offset, days, files, sources };
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
    this.#replaced.clear();
    for (const name of [...this.#tables.keys()].filter(isOver)) {
      this.#tables.delete(name);
    }
    // What can't be removed now is removed at the next start.
    for (const one of old) await unlink(one).catch(() => undefined);
  }

  #path(name: string): string {
    const file = this.checkpointed.files?.[name] ?? name;
    return join(this.directory, file + SUFFIX);
  }

  async #read(name: string): Promise<Int32Array> {
    const replaced = this.#replaced.get(name);
    if (replaced) return replaced;
    const length = this.checkpointed.days[name] ?? 0;
    if (length === 0) return new Int32Array(0);
    const bytes = await readFile(this.#path(name));
    // A copy, as small files are read into a pool that is not aligned.
    return new Int32Array(new Uint8Array(bytes.subarray(0, length)).buffer);
  }

  async #append(file: string, bytes: Buffer, at: number): Promise<number> {
    const path = join(this.directory, file + SUFFIX);
    const handle = await open(path, at === 0 ? 'w' : 'r+');
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
  { days, files = {} }: Checkpoint,
): Promise<void> {
  const nameOf = new Map(
    Object.keys(days).map(name => [files[name] ?? name, name]),
  );
  const present = new Set<string>();
  for (const file of await readdir(directory)) {
    if (!file.endsWith(SUFFIX)) continue;
    const name = nameOf.get(file.slice(0, -SUFFIX.length));
    const path = join(directory, file);
    const length = name === undefined ? 0 : days[name];
    if (name === undefined || length === 0) {
      await unlink(path);
      continue;
    }
    const handle = await open(path, 'r');
    const { size } = await handle.stat();
    await handle.close();
    if (size < length) throw damaged(directory, `${path} is too short`);
    if (size > length) await truncate(path, length);
    present.add(name);
  }
  for (const name of Object.keys(days)) {
    if (!present.has(name)) {
      const file = (files[name] ?? name) + SUFFIX;
      throw damaged(directory, `${join(directory, file)} is missing`);
    }
  }
}

function damaged(directory: string, what: string): EventLogError {
  return new EventLogError(
    'CORRUPT',
    `${what}. Restore it from a backup, or delete ${directory} to rebuild it from the segments.`,
  );
}
