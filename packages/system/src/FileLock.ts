import Database from 'better-sqlite3';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, ownIdentity, ProcessIdentity } from './processes';

const RETRY_MS = 50;

/** Who holds a lock. */
export interface LockHolder extends ProcessIdentity {
  command: string;
}

/** A lock that another process, or another part of this one, holds. */
export class LockedError extends Error {
  readonly name = 'LockedError';

  /** @param holder - null: it can't be told, as in the moment before it has said so */
  constructor(what: string, readonly holder: LockHolder | null) {
    const by = holder
      ? `process ${holder.pid} (${holder.command})`
      : 'another process';
    super(`${what} is in use by ${by}. Wait until it is done, or stop it.`);
  }
}

const holderFile = (path: string) => path.replace(/(\.lock)?$/, '.holder.json');

/** What the lock's last holder wrote, if that very process still runs. */
function readHolder(path: string): LockHolder | null {
  try {
    const holder = JSON.parse(readFileSync(holderFile(path), 'utf8'));
    return isRunning(holder) ? holder : null;
  } catch {
    return null;
  }
}

function writeHolder(path: string): void {
  const command = process.argv.slice(1).join(' ').slice(0, 200);
  try {
    writeFileSync(
      holderFile(path),
      JSON.stringify({ ...ownIdentity(), command }),
    );
  } catch {
    // A full disk, say. The lock is held all the same; others only can't tell by whom.
  }
}

// Not by its class: the addon keeps that of whoever loaded it first.
const isBusy = (error: unknown) =>
  (error as { code?: unknown }).code === 'SQLITE_BUSY';

function tryAcquire(path: string): Database.Database | undefined {
  const database = new Database(path, { timeout: 0 });
  try {
    // Else a journal is made beside it, for which a full disk has no room.
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

/**
 * A right that one holder has at a time, over all processes of this machine. It is an open exclusive transaction of a
 * SQLite file, so the kernel frees it when its process dies, however that happens. Not reentrant.
 */
export class FileLock {
  /** A lock that nothing refers to any more is still held: its file is not to be closed by the garbage collector. */
  static readonly #held = new Set<FileLock>();

  private constructor(private readonly database: Database.Database) {}

  /**
   * @param path - of the lock's file, `….lock`; its directory is made if needed
   * @param options.what - what it is the right to, for the message
   * @param options.waitMs - how long to wait for another holder
   * @throws LockedError when that was not enough; an error of SQLite or of the system when the file can't be made
   */
  static async acquire(
    path: string,
    options: { what: string; waitMs: number },
  ): Promise<FileLock> {
    const deadline = performance.now() + options.waitMs;
    mkdirSync(dirname(path), { recursive: true });
    let database = tryAcquire(path);
    while (!database) {
      if (performance.now() >= deadline) {
        throw new LockedError(options.what, readHolder(path));
      }
      await delay(RETRY_MS);
      database = tryAcquire(path);
    }
    writeHolder(path);
    const lock = new FileLock(database);
    FileLock.#held.add(lock);
    return lock;
  }

  release(): void {
    FileLock.#held.delete(this);
    this.database.close();
  }
}

/**
 * Who holds a lock now: `free` when nobody does, null when it is held but can't be told by whom. A look keeps nobody
 * from taking it for longer than a moment.
 */
export function lockHolder(path: string): LockHolder | null | 'free' {
  if (!existsSync(path)) return 'free';
  const database = new Database(path, { timeout: 0, readonly: true });
  try {
    database.pragma('schema_version');
    return 'free';
  } catch (error) {
    if (isBusy(error)) return readHolder(path);
    throw error;
  } finally {
    database.close();
  }
}
