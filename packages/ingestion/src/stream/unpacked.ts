import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const GUNZIP_CHUNK_BYTES = 256 * 1024;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);
/**
 * How many bytes may come out of one. Events come to 7 to 14, and to 205 when
 * all are the same one; what is made to blow up comes to 1,000.
 */
const MAX_RATIO = 250;
/** So much may come out at any ratio. */
const FREE_BYTES = 16 * 1024 * 1024;

/** What the bytes of an input are wrapped in, when it is known. */
export type Encoding = 'gzip' | 'identity';

/** Input that is no gzip or a broken one. */
export class GzipError extends Error {
  readonly name = 'GzipError';
}

/** Input of which more would come out than is taken. */
export class InputLimitError extends Error {
  readonly name = 'InputLimitError';
}

/** Reads on from an iterator, after `head`; closes it when it is left early. */
async function* resumed(head: Buffer, rest: AsyncIterator<Buffer>) {
  try {
    yield head;
    for (;;) {
      const { value, done } = await rest.next();
      if (done) return;
      yield value;
    }
  } finally {
    await rest.return?.();
  }
}

async function* gunzipped(input: AsyncIterable<Buffer>) {
  const compressed = Readable.from(input, { objectMode: false });
  const gunzip = createGunzip({ chunkSize: GUNZIP_CHUNK_BYTES });
  let bytes = 0;
  try {
    // Errors come out of gunzip; here both streams are closed by each other.
    for await (const chunk of pipeline(compressed, gunzip, () => undefined)) {
      bytes += chunk.length;
      if (bytes > FREE_BYTES && bytes > MAX_RATIO * gunzip.bytesWritten) {
        throw new InputLimitError(
          `The gzip unpacks to more than ${MAX_RATIO} times its size; unpack it before you send it.`,
        );
      }
      yield chunk as Buffer;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('Z_')) throw error;
    throw new GzipError(`It is no valid gzip: ${message}.`, { cause: error });
  }
}

/**
 * The bytes of an input, out of the gzip that they may be in (of any number of
 * members). They are unpacked once: what is in it is taken as it is.
 *
 * @param encoding - without it the first bytes tell
 * @throws GzipError, InputLimitError
 */
export async function* unpacked(
  input: AsyncIterable<Buffer>,
  encoding?: Encoding,
): AsyncGenerator<Buffer> {
  const chunks = input[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < GZIP_MAGIC.length) {
    const { value, done } = await chunks.next();
    if (done) break;
    // As a rule there is one, and it may be large.
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  const isGzip = head.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC);
  if (encoding === 'gzip' && !isGzip && head.length > 0) {
    await chunks.return?.();
    throw new GzipError('It is said to be gzip and is none.');
  }
  const all = resumed(head, chunks);
  yield* isGzip && encoding !== 'identity' ? gunzipped(all) : all;
}
