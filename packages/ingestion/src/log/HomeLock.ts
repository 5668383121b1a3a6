import Database from 'better-sqlite3';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode, EventLogError, toEventLogError } from './EventLogError';

const RETRY_MS = 50;

/** Says who holds a lock, as far as is known. */
function describeHolder(path: string): string {
  try {
    const { pid, command } = JSON.parse(readFileSync(path, 'utf8'));
    return `process ${pid} (${command})`;
  } catch {
    return 'another process';
  }
}

function tryAcquire(path: string): Database.Database | undefined {
  const database = new Database(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (errorCode(error) === 'SQLITE_BUSY') {
      return undefined;
    }
    throw error;
  }
}

/**
 * The right of one process to something in NAAP_HOME. It is an open exclusive
 * transaction of a SQLite file, so the kernel frees it when the process dies.
 */
export class HomeLock {
  private constructor(private readonly database: Database.Database) {}

  /**
   * @param name - what is locked; the file is `run/<name>.lock`
   * @param waitMs - how long to wait for another holder
   * @throws EventLogError LOCKED, naming the holder, when that was not enough
   */
  static async acquire(
    home: string,
    name: string,
    waitMs: number,
  ): Promise<HomeLock> {
    const directory = join(home, 'run');
    const path = join(directory, `${name}.lock`);
    const holderPath = join(directory, `${name}.holder.json`);
    const deadline = performance.now() + waitMs;
    try {
      mkdirSync(directory, { recursive: true });
      for (;;) {
        const database = tryAcquire(path);
        if (database) {
          const command = process.argv.slice(1).join(' ').slice(0, 200);
          const holder = { pid: process.pid, command, since: new Date() };
          writeFileSync(holderPath, JSON.stringify(holder));
          return new HomeLock(database);
        }
        if (performance.now() >= deadline) {
          throw new EventLogError(
            'LOCKED',
            `${name} of ${home} is in use by ${describeHolder(
              holderPath,
            )}. Wait until it is done, or stop it.`,
          );
        }
        await delay(RETRY_MS);
      }
    } catch (error) {
      throw toEventLogError(error, `lock ${path}`);
    }
  }

  release(): void {
    this.database.close();
  }
}
