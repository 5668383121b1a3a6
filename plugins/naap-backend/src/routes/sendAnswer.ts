import type { Response } from 'express';
import { deflated, gzip, Piece, stored } from './gzip';

/** Less is not worth it. */
const LEAST_COMPRESSED = 1024;

/** JSON of what the store answers with: the same question has the same lists until a sync. */
interface Kept {
  bytes: Buffer;
  piece?: Piece | Promise<Piece>;
}
const kept = new WeakMap<object, Kept>();

function keep(value: object): Kept {
  const known = kept.get(value) ?? {
    bytes: Buffer.from(JSON.stringify(value)),
  };
  kept.set(value, known);
  return known;
}

/** The JSON of an answer in parts: what is kept, and what is new beside it. */
function partsOf(answer: object): Kept[] {
  const parts: Kept[] = [];
  let text = '{';
  let separator = '';
  for (const [name, value] of Object.entries(answer)) {
    if (value === undefined) continue;
    text += `${separator}${JSON.stringify(name)}:`;
    separator = ',';
    if (typeof value === 'object' && value && name !== 'meta') {
      parts.push({ bytes: Buffer.from(text) }, keep(value));
      text = '';
    } else {
      text += JSON.stringify(value);
    }
  }
  return [...parts, { bytes: Buffer.from(`${text}}`) }];
}

async function compressed(parts: Kept[]): Promise<Buffer> {
  const pieces = parts.map(part => {
    if (part.bytes.length < LEAST_COMPRESSED) return stored(part.bytes);
    part.piece ??= deflated(part.bytes);
    return part.piece;
  });
  return gzip(await Promise.all(pieces));
}

/**
 * Answers with JSON. All but `meta` and plain values is made into text, and compressed, only once, so it must not change
 * any more.
 */
export async function sendAnswer<Answer extends object>(
  res: Response<Answer>,
  answer: Answer,
): Promise<void> {
  const parts = partsOf(answer);
  const length = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  // No ETag: how fresh the numbers are differs from answer to answer.
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.vary('Accept-Encoding');
  if (
    length >= LEAST_COMPRESSED &&
    res.req.acceptsEncodings('gzip', 'identity') === 'gzip'
  ) {
    res.setHeader('Content-Encoding', 'gzip');
    res.end(await compressed(parts));
  } else {
    res.end(Buffer.concat(parts.map(({ bytes }) => bytes)));
  }
}
