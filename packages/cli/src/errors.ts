/** An error of usage: exit code 2, no stack. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Something was done but not all of it is well (a failed test, a stopped platform): exit code 1, no stack. */
export class FailedError extends Error {
  override name = 'FailedError';
}

/** 2 for wrong usage, 1 for everything else. */
export function exitCodeOf(error: unknown): number {
  return error instanceof UsageError ? 2 : 1;
}

/** The message alone on stderr; the stack too when NAAP_DEBUG is set. */
export function reportError(error: unknown): void {
  const known = error instanceof Error ? error : new Error(String(error));
  const text = process.env.NAAP_DEBUG ? known.stack : known.message;
  process.stderr.write(`naap: ${text}\n`);
}
