import { InputError } from '@backstage/errors';
import type { PublishOptions } from '@naap/ingestion/bus';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpError } from './HttpError';

/** How long a client may send nothing while it is listened to. */
const IDLE_MS = 60_000;
/** How long what is not wanted is still read. */
const LINGER_MS = 10_000;

const CONTENT_TYPES = new Set([
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/json',
  'application/octet-stream',
  'text/plain',
]);

/**
 * What the headers say that the body of a request is wrapped in.
 * Throws 415 for a content type or encoding that can't be read.
 */
export function encodingOf({
  headers,
}: IncomingMessage): PublishOptions['encoding'] {
  const type = headers['content-type']?.split(';')[0].trim().toLowerCase();
  if (type && !CONTENT_TYPES.has(type)) {
    throw new HttpError(
      415,
      'UnsupportedMediaTypeError',
      `Content-Type '${type}' is not supported; use application/x-ndjson for NDJSON or application/json for an array`,
    );
  }
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  switch (encoding) {
    case undefined:
    case '':
      return undefined;
    case 'gzip':
    case 'identity':
      return encoding;
    default:
      throw new HttpError(
        415,
        'UnsupportedMediaTypeError',
        `Content-Encoding '${encoding}' is not supported; use gzip or none`,
      );
  }
}

/**
 * The body of a request as it comes, never buffered whole. It may take as long as it likes while it goes on.
 * Fails with 408 when nothing comes for `idleMs`, and when the client breaks off. The connection stays open for the answer.
 */
export async function* eventBody(
  req: IncomingMessage,
  idleMs: number = IDLE_MS,
): AsyncGenerator<Buffer> {
  // Destroyed with the request, the connection could not carry the answer.
  const chunks: AsyncIterator<Buffer> = req.iterator({
    destroyOnReturn: false,
  });
  let isIdle = false;
  try {
    for (;;) {
      const { value, done } = await withinTime(chunks.next(), idleMs);
      if (done) return;
      yield value;
    }
  } catch (error) {
    isIdle = error instanceof HttpError;
    if (isIdle || req.complete) throw error;
    throw new InputError('The client broke off the request');
  } finally {
    // An idle one is still asked for its next bytes, and would not end.
    if (!isIdle) await chunks.return?.();
  }
}

/** Waits for the next bytes, but not forever. */
async function withinTime<T>(next: Promise<T>, idleMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const idle = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new HttpError(
            408,
            'RequestTimeoutError',
            `Nothing came for ${
              idleMs / 1000
            } s; send the rest, or all of it, again.`,
          ),
        ),
      idleMs,
    );
  });
  try {
    return await Promise.race([next, idle]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The rest of the body is not wanted. A client that is still sending hears the answer only when what it sends is
 * read on, for a while. Once all has come, the connection is another request's.
 */
export function letEnd(req: IncomingMessage, res: ServerResponse): void {
  // Whoever read it may still listen, and stops it when he goes; with a listener of its own it flows all the same.
  req.removeAllListeners('readable');
  req.on('data', () => {});
  req.resume();
  res.once('finish', () => {
    if (req.complete) return;
    const cut = setTimeout(() => req.destroy(), LINGER_MS);
    req.once('end', () => clearTimeout(cut));
  });
}
