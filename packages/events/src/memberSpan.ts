const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
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

// Reading characters out of a typed array is several times as fast as
// charCodeAt, which asks for the kind of the string every time.
let scratch = Buffer.allocUnsafeSlow(1 << 16);
let characters = new Uint16Array(scratch.buffer);

function load(text: string): void {
  if (characters.length < text.length) {
    scratch = Buffer.allocUnsafeSlow(2 * (text.length + (text.length >> 1)));
    characters = new Uint16Array(scratch.buffer);
  }
  scratch.write(text, 'utf16le');
}

/** The index of the closing quote of the string that opens at `open`. */
function endOfString(chars: Uint16Array, open: number): number {
  let at = open + 1;
  for (let c = chars[at]; c !== QUOTE; c = chars[at]) {
    at += c === BACKSLASH ? 2 : 1;
  }
  return at;
}

function isName(text: string, open: number, close: number, name: string) {
  if (close - open - 1 === name.length && text.startsWith(name, open + 1)) {
    return true;
  }
  const token = text.slice(open, close + 1);
  return token.includes('\\') && JSON.parse(token) === name;
}

function isAscii(chars: Uint16Array, end: number): boolean {
  let seen = 0;
  for (let at = 0; at < end; at++) seen |= chars[at];
  return seen < 0x80;
}

/**
 * Finds the value of the member `name` of the outermost object of `text`.
 * Of a name that repeats it is the last, as in JSON.parse.
 *
 * @param text - JSON text of an object; JSON.parse must have accepted it, as
 *   nothing is verified here
 * @returns null when there is no such member
 */
export function memberSpan(text: string, name: string): Span | null {
  load(text);
  const chars = characters;
  const length = text.length;
  let start = -1;
  let end = -1;
  let depth = 0;
  let nameOpen = -1;
  let nameClose = -1;
  let valueStart = -1;

  for (let at = 0; at < length; at++) {
    const c = chars[at];
    if (c === QUOTE) {
      const close = endOfString(chars, at);
      if (depth === 1 && valueStart < 0) {
        nameOpen = at;
        nameClose = close;
      }
      at = close;
    } else if (c === OPEN_BRACE || c === OPEN_BRACKET) {
      depth++;
    } else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
      depth--;
    }
    if (depth > 1) continue;
    if (c === COLON && valueStart < 0) {
      valueStart = at + 1;
    } else if (c === COMMA || (c === CLOSE_BRACE && depth === 0)) {
      if (valueStart >= 0 && isName(text, nameOpen, nameClose, name)) {
        start = valueStart;
        end = at;
      }
      valueStart = -1;
    }
  }
  if (start < 0) return null;
  while (chars[start] <= SPACE) start++;
  while (chars[end - 1] <= SPACE) end--;
  return { start, end, asciiBefore: isAscii(chars, start) };
}
