import { FileLock } from '@naap/system';
import { join } from 'node:path';
import { homePaths } from './paths';

/**
 * Runs `fn` as the one holder of `run/<name>.lock` of a home.
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
  const lock = await FileLock.acquire(
    join(homePaths(home).run, `${name}.lock`),
    { what: `The ${name} of ${home}`, ...options },
  );
  try {
    return await fn();
  } finally {
    lock.release();
  }
}
