import Database from 'better-sqlite3';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { homePaths } from './paths';

const RETRY_MS = 50;

/** A lock that another process, or another part of this one, holds. */
export class LockedError extends Error {
  readonly name = 'LockedError';
}

function tryAcquire(path: string): Database.Database | undefined {
  const database = new Database(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    // Not by its class: the addon keeps that of whoever loaded it first.
    if ((error as { code?: unknown }).code === 'SQLITE_BUSY') {
      return undefined;
    }
    throw error;
  }
}

function describeHolder(path: string): string {
  try {
    const { pid, command } = JSON.parse(readFileSync(path, 'utf8'));
    return `process ${pid} (${command})`;
  } catch {
    return 'another process';
  }
}

/**
 * Runs `fn` as the one holder of `run/<name>.lock` of a home. The lock is an open exclusive transaction of a SQLite file:
 * the kernel frees it when a process dies. Not reentrant.
 *
 * @param options.waitMs - how long to wait for another holder
 * @throws LockedError that names the holder, when that was not enough
 */
export async function withLock<T>(
  home: string,
  name: string,
  fn: () => Promise<T>,
  options: { waitMs: number },
): Promise<T> {
  const { run } = homePaths(home);
  const holder = join(run, `${name}.holder.json`);
  const deadline = performance.now() + options.waitMs;
  mkdirSync(run, { recursive: true });
  let database = tryAcquire(join(run, `${name}.lock`));
  while (!database) {
    if (performance.now() >= deadline) {
      throw new LockedError(
        `The ${name} of ${home} is in use by ${describeHolder(
          holder,
        )}. Wait until it is done, or stop it.`,
      );
    }
    await delay(RETRY_MS);
    database = tryAcquire(join(run, `${name}.lock`));
  }
  try {
    const command = process.argv.slice(1).join(' ').slice(0, 200);
    writeFileSync(holder, JSON.stringify({ pid: process.pid, command }));
    return await fn();
  } finally {
    database.close();
  }
}
