import { statfs } from 'node:fs/promises';

const MIB = 1024 * 1024;

/**
 * Events are refused while less than this is free: what is left is for the databases of the portal and of the lake, so
 * that reading, and making room by committing, go on.
 */
export const RESERVE_BYTES = 64 * MIB;

/** Steps of the pipeline are not begun below this: they would only take the last of it from the portal's database. */
export const STEP_RESERVE_BYTES = 32 * MIB;

/** Bytes that this user may still write to the file system of a path, which exists. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

/** Nothing can be written now; it can be tried again when there is room. */
export class DiskFullError extends Error {
  readonly name = 'DiskFullError';
  readonly code = 'ENOSPC';
}

/** Codes of the system, of SQLite and of ClickHouse, and the words of DuckDB, Python and Arrow. */
const CODES = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL', 'NO_SPACE']);
const WORDS =
  /No space left on device|database or disk is full|NOT_ENOUGH_SPACE|Disk quota exceeded|[Tt]he disk is full/;

/** Whether an error, or what caused it, is that there is no room on a disk. */
export function isDiskFull(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, cause } = error as {
    code?: unknown;
    message?: unknown;
    cause?: unknown;
  };
  return (
    CODES.has(String(code)) || WORDS.test(String(message)) || isDiskFull(cause)
  );
}
