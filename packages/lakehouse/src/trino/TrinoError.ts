/**
 * What kind of failure it is:
 * - `request`: the question is wrong, or asks for what is not there
 * - `refused`: who asks may not, or is not known
 * - `resources`: it takes more than the engine gives, or too many ask
 * - `engine`: the engine itself
 * - `source`: what the engine reads: files, the catalog, another database
 * - `unreachable`: nobody answers, or one that is no Trino
 * - `lost`: the engine does not know the query any more, such as after it was started again
 * - `timeout`: not done in the time that it was given
 * - `too large`: the answer is more than is kept in memory
 * - `closed`: the client was closed meanwhile
 */
export type TrinoErrorKind =
  | 'request'
  | 'refused'
  | 'resources'
  | 'engine'
  | 'source'
  | 'unreachable'
  | 'lost'
  | 'timeout'
  | 'too large'
  | 'closed';

interface TrinoErrorDetails {
  /** Trino's name of it, such as `TABLE_NOT_FOUND`. */
  code?: string;
  queryId?: string;
}

/** A query that failed, or could not be asked. It holds nothing of the connection, so no secret gets into a log with it. */
export class TrinoError extends Error {
  readonly name = 'TrinoError';
  readonly code: string | undefined;
  readonly queryId: string | undefined;

  constructor(
    readonly kind: TrinoErrorKind,
    message: string,
    { code, queryId }: TrinoErrorDetails = {},
  ) {
    super(queryId ? `${message} (query ${queryId})` : message);
    this.code = code;
    this.queryId = queryId;
  }
}

const KINDS: Readonly<Record<string, TrinoErrorKind>> = {
  USER_ERROR: 'request',
  INSUFFICIENT_RESOURCES: 'resources',
  INTERNAL_ERROR: 'engine',
  EXTERNAL: 'source',
};

/** Of the engine and its resources: these go by. All else of them would be the same the next time. */
const PASSING = new Set([
  'CLUSTER_OUT_OF_MEMORY',
  'NO_NODES_AVAILABLE',
  'PAGE_TRANSPORT_ERROR',
  'PAGE_TRANSPORT_TIMEOUT',
  'QUERY_QUEUE_FULL',
  'REMOTE_HOST_GONE',
  'REMOTE_TASK_ERROR',
  'SERVER_SHUTTING_DOWN',
  'SERVER_STARTING_UP',
  'TOO_MANY_REQUESTS_FAILED',
]);

/** The error in an answer. */
export function queryError(
  error: { message: string; errorName: string; errorType: string },
  queryId: string,
): TrinoError {
  const { message, errorName: code, errorType } = error;
  const kind =
    code === 'PERMISSION_DENIED' ? 'refused' : KINDS[errorType] ?? 'engine';
  return new TrinoError(kind, message, { code, queryId });
}

/** Whether the same question may be answered a moment later. One that can't be reached was asked several times already. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof TrinoError)) return false;
  const { kind, code } = error;
  return kind === 'source' || kind === 'lost' || PASSING.has(code ?? '');
}

/** Whether nothing is wrong with the question: there is nobody now who could answer it. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof TrinoError)) return false;
  return error.kind === 'unreachable' || isPassing(error);
}
