const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACE = 0x20;

/** Where the value of a member stands: characters [start, end) of the text. */
export interface Span {
  start: number;
  end: number;
  /** Whether all characters before `start` are ASCII. */
  asciiBefore: boolean;
}

/** What parsing a JSON text does not tell of it. */
export interface Members {
  /** Whether an object in it, at any depth, names a member twice once escapes are read. */
  repeated: boolean;
  /** The value of the member that was asked for, of the outermost object; null when it has none. */
  span: Span | null;
}

// Reading characters out of a typed array is several times as fast as
// charCodeAt, which asks for the kind of the string every time.
let scratch = Buffer.allocUnsafeSlow(1 << 16);
let characters = new Uint16Array(scratch.buffer);

function load(text: string): Uint16Array {
  if (characters.length < text.length) {
    scratch = Buffer.allocUnsafeSlow(2 * (text.length + (text.length >> 1)));
    characters = new Uint16Array(scratch.buffer);
  }
  scratch.write(text, 'utf16le');
  return characters;
}

function isAscii(chars: Uint16Array, end: number): boolean {
  let seen = 0;
  for (let at = 0; at < end; at++) seen |= chars[at];
  return seen < 0x80;
}

/** A name as it is read: without escapes, half of a surrogate pair being U+FFFD. */
function nameIn(text: string, open: number, close: number): string {
  const token = text.slice(open, close + 1);
  return token.includes('\\')
    ? JSON.parse(token).toWellFormed()
    : token.slice(1, -1);
}

function hashOf(name: string): number {
  let hash = 0;
  for (let at = 0; at < name.length; at++) {
    hash = (Math.imul(hash, 31) + name.charCodeAt(at)) | 0;
  }
  return hash;
}

/** More names of one object are told apart by a set. */
const MOST_COMPARED = 64;

/** The hashes of the names of all open objects, one object after the other. */
let hashes = new Int32Array(1024);
/** Where those of each open object begin. */
let objects = new Int32Array(1024);

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}

/**
 * Whether an object names a member twice, certainly. Slower than looking at
 * hashes, which may be equal by chance.
 */
function repeatsName(text: string, chars: Uint16Array): boolean {
  const open: Array<Set<string>> = [];
  for (let at = 0; at < text.length; at++) {
    const c = chars[at];
    if (c === OPEN_BRACE) open.push(new Set());
    else if (c === CLOSE_BRACE) open.pop();
    else if (c === QUOTE) {
      const start = at++;
      while (chars[at] !== QUOTE) at += chars[at] === BACKSLASH ? 2 : 1;
      let next = at + 1;
      while (chars[next] <= SPACE) next++;
      if (chars[next] === COLON) {
        const names = open[open.length - 1];
        const name = nameIn(text, start, at);
        if (names.has(name)) return true;
        names.add(name);
      }
    }
  }
  return false;
}

/** The value that begins after the colon at `colon` and ends before `next`: a quote after a comma, or the last brace. */
function spanOf(chars: Uint16Array, colon: number, next: number): Span {
  let start = colon + 1;
  while (chars[start] <= SPACE) start++;
  let end = next;
  if (chars[next] === QUOTE) {
    do end--;
    while (chars[end] <= SPACE);
  }
  while (chars[end - 1] <= SPACE) end--;
  return { start, end, asciiBefore: isAscii(chars, start) };
}

/**
 * Looks through a JSON text once for names that repeat, and for the value of
 * the member `name` of the outermost object.
 *
 * A string with a colon after it is a name, and it belongs to the innermost
 * open object; so arrays need not be followed.
 *
 * @param text - JSON.parse must have accepted it: nothing is verified here
 * @param name - of ASCII characters; of one that repeats the last is found
 */
export function membersOf(text: string, name?: string): Members {
  const chars = load(text);
  const { length } = text;
  let depth = 0;
  let count = 0;
  let suspect = false;
  let colon = -1;
  let end = -1;
  const wanted = name === undefined ? 0 : hashOf(name);

  for (let at = 0; at < length; at++) {
    const c = chars[at];
    if (c === QUOTE) {
      const start = at;
      let escaped = false;
      let inside = chars[++at];
      while (inside !== QUOTE) {
        if (inside === BACKSLASH) {
          escaped = true;
          at++;
        }
        inside = chars[++at];
      }
      let next = at + 1;
      while (chars[next] <= SPACE) next++;
      if (next >= length || chars[next] !== COLON) continue;

      let hash = 0;
      if (escaped) hash = hashOf(nameIn(text, start, at));
      else
        for (let i = start + 1; i < at; i++) {
          hash = (Math.imul(hash, 31) + chars[i]) | 0;
        }
      const first = objects[depth - 1];
      if (count - first > MOST_COMPARED) suspect = true;
      else {
        for (let other = first; other < count; other++) {
          if (hashes[other] === hash) suspect = true;
        }
        if (count === hashes.length) hashes = grown(hashes);
        hashes[count++] = hash;
      }
      if (depth === 1) {
        if (colon >= 0 && end < 0) end = start;
        if (hash === wanted && nameIn(text, start, at) === name) {
          colon = next;
          end = -1;
        }
      }
      at = next;
    } else if (c === OPEN_BRACE) {
      if (depth === objects.length) objects = grown(objects);
      objects[depth++] = count;
    } else if (c === CLOSE_BRACE) {
      count = objects[--depth];
      if (depth === 0 && end < 0) end = at;
    }
  }
  return {
    repeated: suspect && repeatsName(text, chars),
    span: colon < 0 ? null : spanOf(chars, colon, end),
  };
}
