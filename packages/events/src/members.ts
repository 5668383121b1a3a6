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

// The text as UTF-8: all that is looked for is ASCII, and no byte of another
// character is. A DataView reads four bytes at once, from anywhere.
let bytes = Buffer.allocUnsafeSlow(1 << 16);
let words = new DataView(bytes.buffer);
const WORD = 4;
/** From here on a text is measured before room is made for it. */
const LONG = 1 << 16;

/** Puts the text into `bytes`, behind it one that is no part of JSON and room for a word; answers its length there. */
function load(text: string): number {
  const most = text.length < LONG ? 3 * text.length : Buffer.byteLength(text);
  if (bytes.length < most + WORD) {
    bytes = Buffer.allocUnsafeSlow(most + (most >> 1) + WORD);
    words = new DataView(bytes.buffer);
  }
  const length = bytes.write(text);
  bytes[length] = 0x7f;
  return length;
}

/**
 * Marks the first quote or backslash among four bytes: the lowest bit that is
 * set is the highest of that byte; 0 when there is none. By the test for a zero
 * byte of "Bit Twiddling Hacks": (x - 0x01…) & ~x & 0x80….
 */
function marked(word: number): number {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  return (
    (((quote - 0x01010101) & ~quote) |
      ((backslash - 0x01010101) & ~backslash)) &
    0x80808080
  );
}

/** A name as it is read: without escapes, half of a surrogate pair being U+FFFD. */
function nameIn(open: number, close: number): string {
  const token = bytes.toString('utf8', open, close + 1);
  return token.includes('\\')
    ? JSON.parse(token).toWellFormed()
    : token.slice(1, -1);
}

/** Whether bytes [start, end) are a text of ASCII characters. */
function isAt(start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) {
    if (bytes[start + i] !== text.charCodeAt(i)) return false;
  }
  return true;
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
function repeatsName(length: number): boolean {
  const open: Array<Set<string>> = [];
  for (let at = 0; at < length; at++) {
    const c = bytes[at];
    if (c === OPEN_BRACE) open.push(new Set());
    else if (c === CLOSE_BRACE) open.pop();
    else if (c === QUOTE) {
      const start = at++;
      while (bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
      let next = at + 1;
      while (bytes[next] <= SPACE) next++;
      if (bytes[next] === COLON) {
        const names = open[open.length - 1];
        const name = nameIn(start, at);
        if (names.has(name)) return true;
        names.add(name);
      }
    }
  }
  return false;
}

/**
 * The value that begins after the colon at `colon` and ends before `next`: a
 * quote after a comma, or the last brace. Those are bytes; a span is characters.
 */
function spanOf(
  text: string,
  length: number,
  colon: number,
  next: number,
): Span {
  let start = colon + 1;
  while (bytes[start] <= SPACE) start++;
  let end = next;
  if (bytes[next] === QUOTE) {
    do end--;
    while (bytes[end] <= SPACE);
  }
  while (bytes[end - 1] <= SPACE) end--;
  if (length === text.length) return { start, end, asciiBefore: true };

  const before = bytes.toString('utf8', 0, start).length;
  const value = bytes.toString('utf8', start, end).length;
  return { start: before, end: before + value, asciiBefore: before === start };
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
  const length = load(text);
  const chars = bytes;
  const quads = words;
  let depth = 0;
  let count = 0;
  let suspect = false;
  let colon = -1;
  let end = -1;

  for (let at = 0; at < length; at++) {
    const c = chars[at];
    if (c === QUOTE) {
      const start = at++;
      let escaped = false;
      let hash = 0;
      for (;;) {
        const word = quads.getInt32(at, true);
        const mark = marked(word);
        if (mark === 0) {
          hash = Math.imul(hash ^ word, 0x9e3779b1);
          at += WORD;
          continue;
        }
        const plain = (31 - Math.clz32(mark & -mark)) >> 3;
        hash = Math.imul(hash ^ (word & ((1 << (8 * plain)) - 1)), 0x9e3779b1);
        at += plain;
        if (chars[at] === QUOTE) break;
        escaped = true;
        at += 2;
      }
      let next = at + 1;
      while (chars[next] <= SPACE) next++;
      if (chars[next] !== COLON) continue;

      const first = objects[depth - 1];
      // An escaped name has another hash than what it is read as.
      if (escaped || count - first > MOST_COMPARED) suspect = true;
      else {
        for (let other = first; other < count; other++) {
          if (hashes[other] === hash) suspect = true;
        }
        if (count === hashes.length) hashes = grown(hashes);
        hashes[count++] = hash;
      }
      if (depth === 1 && name !== undefined) {
        if (colon >= 0 && end < 0) end = start;
        if (escaped ? nameIn(start, at) === name : isAt(start + 1, at, name)) {
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
    repeated: suspect && repeatsName(length),
    span: colon < 0 ? null : spanOf(text, length, colon, end),
  };
}
