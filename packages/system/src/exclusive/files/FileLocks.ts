import Database from 'better-sqlite3';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, ownIdentity, ProcessIdentity } from '../../processes';
import type { Exclusive, Held } from '../Exclusive';

/** Who holds a lock. */
export interface LockHolder extends ProcessIdentity {
  command: string;
}

// Not by its class: the addon keeps that of whoever loaded it first.
const isBusy = (error: unknown) =>
  (error as { code?: unknown }).code === 'SQLITE_BUSY';

function tryAcquire(path: string): Database.Database | null {
  const database = new Database(path, { timeout: 0 });
  try {
    // Else a journal is made beside it, for which a full disk has no room.
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (isBusy(error)) return null;
    throw error;
  }
}

/**
 * Rights that one process of this machine has at a time, as the files `<name>.lock` of a folder. Each is an open
 * exclusive transaction of a SQLite file, so the kernel frees it when its process dies, however that happens: who has one
 * can't have lost it.
 */
export class FileLocks implements Exclusive {
  /** A lock that nothing refers to any more is still held: its file is not to be closed by the garbage collector. */
  static readonly #held = new Set<Database.Database>();

  /** @param folder - made when a right is first taken */
  constructor(private readonly folder: string) {}

  /** @throws an error of SQLite or of the system when the file can't be made */
  async hold(name: string): Promise<Held | null> {
    mkdirSync(this.folder, { recursive: true });
    const database = tryAcquire(this.#file(name));
    if (!database) return null;
    this.#sayWho(name);
    FileLocks.#held.add(database);
    return {
      release: async () => {
        FileLocks.#held.delete(database);
        database.close();
      },
    };
  }

  async heldBy(name: string): Promise<string | null> {
    const holder = this.holder(name);
    return holder === null || holder === 'free'
      ? null
      : `process ${holder.pid} (${holder.command})`;
  }

  /**
   * Who has a right now: `free` when nobody does, null when it is held but can't be told by whom. A look keeps nobody from
   * taking it for longer than a moment.
   */
  holder(name: string): LockHolder | null | 'free' {
    const path = this.#file(name);
    if (!existsSync(path)) return 'free';
    const database = new Database(path, { timeout: 0, readonly: true });
    try {
      database.pragma('schema_version');
      return 'free';
    } catch (error) {
      if (isBusy(error)) return this.#lastHolder(name);
      throw error;
    } finally {
      database.close();
    }
  }

  #file(name: string): string {
    return join(this.folder, `${name}.lock`);
  }

  #holderFile(name: string): string {
    return join(this.folder, `${name}.holder.json`);
  }

  #sayWho(name: string): void {
    const command = process.argv.slice(1).join(' ').slice(0, 200);
    try {
      writeFileSync(
        this.#holderFile(name),
        JSON.stringify({ ...ownIdentity(), command }),
      );
    } catch {
      // A full disk, say. The lock is held all the same; others only can't tell by whom.
    }
  }

  /** What the last holder wrote, if that very process still runs. */
  #lastHolder(name: string): LockHolder | null {
    try {
      const holder = JSON.parse(readFileSync(this.#holderFile(name), 'utf8'));
      return isRunning(holder) ? holder : null;
    } catch {
      return null;
    }
  }
}
