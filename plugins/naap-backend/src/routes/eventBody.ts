import { InputError } from '@backstage/errors';
import type { IncomingMessage } from 'node:http';
import { Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { HttpError } from './HttpError';

/** Most bytes of one request after decompression. */
export const MAX_BODY_BYTES = 2 ** 30;

const CONTENT_TYPES = new Set([
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/json',
  'application/octet-stream',
  'text/plain',
]);

const tooLarge = (limit: number) =>
  new HttpError(
    413,
    'PayloadTooLargeError',
    `A request may carry ${limit} bytes of messages after decompression; send the rest in another. What came before the limit is kept, sending it again only makes duplicates.`,
  );

/**
 * The messages of a request as a stream: checked, decompressed, never buffered whole.
 * Throws 415 for a content type or encoding that it can't read; the stream fails with 413 over the limit and 400 for a broken gzip.
 */
export function eventBody(
  req: IncomingMessage,
  limit: number = MAX_BODY_BYTES,
): Readable {
  const type = req.headers['content-type']?.split(';')[0].trim().toLowerCase();
  if (type && !CONTENT_TYPES.has(type)) {
    throw new HttpError(
      415,
      'UnsupportedMediaTypeError',
      `Content-Type '${type}' is not supported; use application/x-ndjson for NDJSON or application/json for an array`,
    );
  }
  const encoding =
    req.headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new HttpError(
      415,
      'UnsupportedMediaTypeError',
      `Content-Encoding '${encoding}' is not supported; use gzip or none`,
    );
  }
  if (Number(req.headers['content-length']) > limit) throw tooLarge(limit);

  let bytes = 0;
  const body = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > limit) done(tooLarge(limit));
      else done(null, chunk);
    },
  });
  // Not stream.pipeline: that destroys the request on an error, and with it the connection that the answer goes out on.
  req.once('close', () => {
    if (!req.complete) {
      body.destroy(new InputError('The client broke off the request'));
    }
  });
  body.once('error', () => {
    req.unpipe();
    req.resume();
  });
  if (encoding === 'identity') return req.pipe(body);
  const gunzip = createGunzip();
  gunzip.once('error', error =>
    body.destroy(new InputError(`The body is no valid gzip: ${error.message}`)),
  );
  return req.pipe(gunzip).pipe(body);
}
