export type EventLogErrorCode =
  | 'LOCKED'
  | 'NO_SPACE'
  | 'NO_ACCESS'
  | 'CORRUPT'
  | 'CLOSED'
  | 'IO';

/** An error of the event log whose message says what to do about it. */
export class EventLogError extends Error {
  readonly name = 'EventLogError';

  constructor(
    readonly code: EventLogErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The code of an error of the operating system or of SQLite, or empty. */
export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : '';
}

/**
 * The error of the operating system or of SQLite, in the words of the log.
 *
 * @param doing - what failed, such as `write to /home/log/0.arrows`
 */
export function toEventLogError(error: unknown, doing: string): EventLogError {
  if (error instanceof EventLogError) return error;
  const options = { cause: error };
  switch (errorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
    case 'SQLITE_FULL':
      return new EventLogError(
        'NO_SPACE',
        `The disk is full: no space left to ${doing}. Nothing of it was acknowledged: free some space and send it again.`,
        options,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EISDIR':
    case 'EEXIST':
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_READONLY':
    case 'SQLITE_READONLY_DIRECTORY':
      return new EventLogError(
        'NO_ACCESS',
        `Cannot ${doing} (${errorCode(
          error,
        )}). NAAP_HOME must be a directory that this user can read and write.`,
        options,
      );
    default:
      return new EventLogError('IO', `Failed to ${doing}: ${error}`, options);
  }
}
