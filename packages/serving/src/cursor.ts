import { deflateRawSync, inflateRawSync } from 'zlib';
import { InvalidQueryError } from './errors';

/** What the rows of a list are ordered by, of one row. */
export type Key = Array<string | number | null>;

/** Eight names of 512 characters, and more. */
const LONGEST_KEY_BYTES = 65_536;

/** Says to who reads on where a page ended. Compressed: a key may hold long names, and a URL has 16 KiB. */
export function encodeCursor(list: string, key: Key): string {
  return deflateRawSync(JSON.stringify([list, ...key])).toString('base64url');
}

/** The cursor is of no use: made up, or of another question. */
export function wrongCursor(): InvalidQueryError {
  return new InvalidQueryError(
    "cursor is none of this list: take 'next' of its last answer, with the other parameters as they were, or begin without one",
  );
}

/** @throws InvalidQueryError for what is no cursor, or the cursor of another list */
export function decodeCursor(list: string, cursor: string): Key {
  let decoded: unknown;
  try {
    const bytes = inflateRawSync(Buffer.from(cursor, 'base64url'), {
      maxOutputLength: LONGEST_KEY_BYTES,
    });
    decoded = JSON.parse(bytes.toString());
  } catch {
    decoded = undefined;
  }
  if (!Array.isArray(decoded) || decoded[0] !== list) {
    throw wrongCursor();
  }
  return decoded.slice(1) as Key;
}
