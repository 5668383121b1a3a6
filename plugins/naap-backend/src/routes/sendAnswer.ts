import { Slices } from '@naap/system';
import type { Response } from 'express';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { deflated, gzip, Piece, stored } from './gzip';

/** Less is not worth it. */
const LEAST_COMPRESSED = 1024;

/** Bytes of text that are compressed and sent at once: more of them are compressed beside this thread. */
const CHUNK = 256 * 1024;

/** JSON of what the store answers with: the same question has the same lists until a sync. */
interface Kept {
  bytes: Buffer;
  piece?: Piece | Promise<Piece>;
}
const kept = new WeakMap<object, Kept[] | Promise<Kept[]>>();

/** A long list in several buffers, made so that others get in between. */
async function textOfList(list: object[]): Promise<Kept[]> {
  const slices = new Slices();
  const chunks: Kept[] = [];
  let text = '[';
  for (const [i, row] of list.entries()) {
    text += `${i > 0 ? ',' : ''}${JSON.stringify(row)}`;
    if (text.length >= CHUNK) {
      chunks.push({ bytes: Buffer.from(text) });
      text = '';
    }
    if (slices.over()) await slices.rest();
  }
  return [...chunks, { bytes: Buffer.from(`${text}]`) }];
}

/** Lists of fewer rows are made into text at once. */
const SHORT = 100;

function keep(value: object): Kept[] | Promise<Kept[]> {
  const known = kept.get(value);
  if (known) return known;
  const text =
    Array.isArray(value) && value.length > SHORT
      ? textOfList(value)
      : [{ bytes: Buffer.from(JSON.stringify(value)) }];
  kept.set(value, text);
  return text;
}

/** The JSON of an answer in parts: what is kept, and what is new beside it. */
async function partsOf(answer: object): Promise<Kept[]> {
  const parts: Kept[] = [];
  let text = '{';
  let separator = '';
  for (const [name, value] of Object.entries(answer)) {
    if (value === undefined) continue;
    text += `${separator}${JSON.stringify(name)}:`;
    separator = ',';
    if (typeof value === 'object' && value && name !== 'meta') {
      parts.push({ bytes: Buffer.from(text) }, ...(await keep(value)));
      text = '';
    } else {
      text += JSON.stringify(value);
    }
  }
  return [...parts, { bytes: Buffer.from(`${text}}`) }];
}

function pieceOf(part: Kept): Piece | Promise<Piece> {
  if (part.bytes.length < LEAST_COMPRESSED) return stored(part.bytes);
  part.piece ??= deflated(part.bytes);
  return part.piece;
}

function* piecesOf(parts: Kept[]): Generator<Piece | Promise<Piece>> {
  for (const part of parts) yield pieceOf(part);
}

/** Sends what comes, small answers at once; long ones as fast as the reader takes them, until it is gone. */
async function sendAll(
  res: Response,
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<void> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    if (res.destroyed) return;
    waiting.push(piece);
    size += piece.length;
    if (size < CHUNK) continue;
    const goesOn = res.write(Buffer.concat(waiting));
    waiting = [];
    size = 0;
    // Of who is gone already nothing more is heard.
    if (!goesOn && !res.destroyed) await drained(res);
  }
  res.end(Buffer.concat(waiting));
}

/** Resolves when a slow reader has caught up or is gone. */
export function drained(res: Response): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      res.off('drain', done).off('close', done);
      resolve();
    };
    res.once('drain', done).once('close', done);
  });
}

/**
 * Answers with JSON. All but `meta` and plain values is made into text, and compressed, only once, so it must not change
 * any more.
 */
export async function sendAnswer<Answer extends object>(
  res: Response<Answer>,
  answer: Answer,
): Promise<void> {
  const parts = await partsOf(answer);
  const length = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  // No ETag: how fresh the numbers are differs from answer to answer.
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.vary('Accept-Encoding');
  if (
    length >= LEAST_COMPRESSED &&
    res.req.acceptsEncodings('gzip', 'identity') === 'gzip'
  ) {
    res.setHeader('Content-Encoding', 'gzip');
    await sendAll(res, gzip(piecesOf(parts)));
  } else {
    await sendAll(
      res,
      parts.map(({ bytes }) => bytes),
    );
  }
}

/** Answers with a stream as fast as the reader takes it. */
export async function sendStream(
  res: Response,
  stream: Readable,
): Promise<void> {
  try {
    await pipeline(stream, res);
  } catch (error) {
    // Who is gone is told nothing.
    if (
      (error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE'
    ) {
      throw error;
    }
  }
}
