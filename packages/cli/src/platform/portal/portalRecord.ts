import {
  acquire,
  FileLocks,
  type Held,
  LockedError,
  LockHolder,
} from '@naap/system';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FailedError } from '../../errors';

/** `run/portal.json` of a home, written by `naap up`. */
export interface PortalRecord {
  /** The process of `naap up`, which holds the home. */
  pid: number;
  /** When that process began (`ProcessIdentity`). */
  started: string;
  /** The process of the portal, which ends when the other does. */
  backend: number;
  url: string;
  /** Token of this machine's CLI. */
  token: string;
}

/** A start waits this long for a command that only looks. */
const LOOK_MS = 2_000;

const portalFile = (home: string) => join(home, 'run', 'portal.json');
const locksOf = (home: string) => new FileLocks(join(home, 'run'));

/**
 * The right to run the platform on a home: held for as long as `naap up` lives.
 *
 * @throws FailedError that says who has it
 */
export async function claimHome(home: string): Promise<Held> {
  try {
    return await acquire(locksOf(home), 'up', {
      what: `The home ${home}`,
      waitMs: LOOK_MS,
    });
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    const by = error.by === null ? '' : ` by ${error.by}`;
    throw new FailedError(
      `this home is up already, or being started${by}: ./naap down stops it`,
    );
  }
}

/** Who runs the platform on a home now; null when it can't be told who. */
export function homeHolder(home: string): LockHolder | null | 'free' {
  return locksOf(home).holder('up');
}

/** What the last `naap up` of a home wrote, or null when it ended well; nothing of what can't be read. */
async function readRecord(home: string): Promise<Partial<PortalRecord> | null> {
  const text = await readFile(portalFile(home), 'utf8').catch(error => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return { ...JSON.parse(text) };
  } catch {
    return {};
  }
}

/**
 * The record of the platform that runs on a home now, or null. Only the one that the holder of the home wrote counts:
 * the number of another may be a stranger's by now, and so may be the port that would be sent a token.
 */
export async function currentRecord(
  home: string,
): Promise<PortalRecord | null> {
  const record = await readRecord(home);
  if (!record) return null;
  const holder = homeHolder(home);
  if (holder === 'free' || holder === null) return null;
  return holder.pid === record.pid && holder.started === record.started
    ? (record as PortalRecord)
    : null;
}

/** Removes what a killed `naap up` left, unless somebody holds the home. Whether there was anything. */
export async function removeStaleRecord(home: string): Promise<boolean> {
  if ((await readRecord(home)) === null) return false;
  const lock = await locksOf(home).hold('up');
  if (!lock) return false;
  try {
    await removeRecord(home);
    return true;
  } finally {
    await lock.release();
  }
}

/** For the holder of the home. Whole or not there at all, however this process ends. For this user's eyes only: it holds a token. */
export async function writeRecord(
  home: string,
  record: PortalRecord,
): Promise<void> {
  const part = `${portalFile(home)}.part`;
  await rm(part, { force: true });
  await writeFile(part, JSON.stringify(record), { mode: 0o600 });
  await rename(part, portalFile(home));
}

/** For the holder of the home. */
export async function removeRecord(home: string): Promise<void> {
  await rm(portalFile(home), { force: true });
}
