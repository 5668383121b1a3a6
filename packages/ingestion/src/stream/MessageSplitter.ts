import { KEPT_BYTES, Message } from '../message';
import {
  firstNonBlank,
  withoutBlanksAfter,
  withoutBlanksBefore,
} from './blanks';
import { LongMessage } from './LongMessage';
import { ValueJoiner } from './ValueJoiner';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The longest message that is held until it ends. A wrapper may be larger than
 * what is in it, which may have 1 MiB.
 */
export const MAX_HELD_BYTES = 8 * 1024 * 1024;
/** How far the beginning is looked at to tell lines from an array. */
const MAX_HEAD_BYTES = 4096;
/** Room for the beginning of a message, at first. */
const HELD_BYTES = 4096;

/** What a stream says of itself when it is known to be cut already: a message a line, or the elements of one array, parted by commas. */
export type Format = 'lines' | 'array';

/** What may come between an object and a second one on its line, or begin that. */
const JOINTS = new Set(Buffer.from('{[ \t\r'));

/** Whether a second value may follow an object on a line of these. */
function hasJoint(chunk: Buffer): boolean {
  for (
    let at = chunk.indexOf(CLOSE_BRACE);
    at >= 0;
    at = chunk.indexOf(CLOSE_BRACE, at + 1)
  ) {
    if (JOINTS.has(chunk[at + 1])) return true;
  }
  return false;
}

/**
 * Cuts a stream of bytes into messages: one a line (`\n` or `\r\n`; blank lines
 * are no messages), JSON values one after another over any number of lines, or
 * the elements of JSON arrays, which are recognised by a `[` followed by `{` or
 * `]` at the beginning or after another array. Nothing is decoded: what is no
 * JSON and no UTF-8 comes out as the bytes that it was, line by line.
 *
 * A message of more than `maxHeld` bytes comes out cut, however long it is;
 * of an element, the blanks after it count too.
 */
export class MessageSplitter {
  #format: Format | 'unknown';
  #head: Buffer = Buffer.alloc(0);
  /** The beginning of a message whose end has not come yet, and how long it is. */
  #held: Buffer = Buffer.alloc(0);
  #heldLength = 0;
  /** Instead of it when it got too long. */
  #long: LongMessage | undefined;
  /** Whether nothing of it is more than blanks. */
  #isBlank = true;
  /** Of the array: open brackets, and whether in a string. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #messages: Message[] = [];
  /** Of lines, unless each is known to be a message. */
  #joiner: ValueJoiner | undefined;
  /** Whether what is being recognised is the beginning of all. */
  #isFirst = true;

  /** @param format - of input that is known to be inside of one; without it the first bytes tell */
  constructor(format?: Format, private readonly maxHeld = MAX_HELD_BYTES) {
    this.#format = format ?? 'unknown';
    if (format === 'array') this.#depth = 1;
    if (format === undefined) {
      const emit = (message: Message) => this.#messages.push(message);
      this.#joiner = new ValueJoiner(emit, maxHeld);
    }
  }

  /** Takes the next bytes; returns the messages that they complete. */
  push(chunk: Buffer): Message[] {
    this.#split(chunk);
    return this.#take();
  }

  /** The last message, if the stream did not end with the end of one. */
  end(): Message[] {
    this.#split(Buffer.alloc(0), true);
    this.#complete(false);
    this.#joiner?.end();
    return this.#take();
  }

  #take(): Message[] {
    const messages = this.#messages;
    this.#messages = [];
    return messages;
  }

  #split(chunk: Buffer, isAll = false): void {
    let rest: Buffer | null = chunk;
    while (rest) {
      if (this.#format === 'unknown') rest = this.#recognise(rest, isAll);
      else if (this.#format === 'array') rest = this.#splitArray(rest);
      else rest = this.#splitLines(rest);
    }
  }

  /** Returns what is to be split, as soon as it is known what it is. */
  #recognise(chunk: Buffer, isAll: boolean): Buffer | null {
    const head =
      this.#head.length > 0 ? Buffer.concat([this.#head, chunk]) : chunk;
    this.#head = head;
    const last = isAll || head.length >= MAX_HEAD_BYTES;
    if (this.#isFirst && head.length < BYTE_ORDER_MARK.length && !last) {
      return null;
    }
    const hasMark =
      this.#isFirst && head.subarray(0, 3).equals(BYTE_ORDER_MARK);
    const body = hasMark ? head.subarray(3) : head;
    const first = firstNonBlank(body, 0);
    const second = firstNonBlank(body, first + 1);
    const isArray =
      body[first] === OPEN_BRACKET &&
      (body[second] === OPEN_BRACE || body[second] === CLOSE_BRACKET);
    const isOpen =
      first >= body.length ||
      (body[first] === OPEN_BRACKET && second >= body.length);
    if (isOpen && !last) return null;
    this.#head = Buffer.alloc(0);
    this.#isFirst = false;
    this.#format = isArray ? 'array' : 'lines';
    if (isArray) this.#depth = 1;
    return isArray ? body.subarray(first + 1) : body;
  }

  #splitLines(chunk: Buffer): null {
    let start = 0;
    const hasJoints = !this.#joiner || hasJoint(chunk);
    for (
      let end = chunk.indexOf(NEWLINE);
      end >= 0;
      end = chunk.indexOf(NEWLINE, start)
    ) {
      // Whether the next line could go on with this one can be seen here, or not at all.
      const isWhole =
        !hasJoints && !this.#isBegun && chunk[end + 1] === OPEN_BRACE;
      this.#finish(chunk.subarray(start, end), true, isWhole);
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
    return null;
  }

  /** Returns what comes after the array. */
  #splitArray(chunk: Buffer): Buffer | null {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inString = false;
      } else if (byte === QUOTE) {
        this.#inString = true;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        this.#depth++;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        this.#depth--;
      }
      const isEnd = this.#depth === 0;
      if (isEnd || (byte === COMMA && this.#depth === 1 && !this.#inString)) {
        this.#finish(chunk.subarray(start, at), false);
        start = at + 1;
      }
      if (isEnd) {
        this.#format = this.#joiner ? 'unknown' : 'lines';
        return chunk.subarray(start);
      }
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
    return null;
  }

  /** Takes the last bytes of a message. */
  #finish(bytes: Buffer, isLineEnd: boolean, isWhole = false): void {
    if (!this.#isBegun && bytes.length <= this.maxHeld) {
      this.#emit(bytes, isLineEnd, isWhole);
    } else {
      this.#keep(bytes);
      this.#complete(isLineEnd);
    }
  }

  get #isBegun(): boolean {
    return this.#heldLength > 0 || this.#long !== undefined;
  }

  /** Takes bytes of a message that goes on. */
  #keep(bytes: Buffer): void {
    const isFirst = this.#format === 'array' && !this.#isBegun;
    const rest = isFirst ? withoutBlanksBefore(bytes) : bytes;
    if (!this.#long && this.#heldLength + rest.length <= this.maxHeld) {
      this.#hold(rest);
      return;
    }
    if (!this.#long) {
      const held = this.#held.subarray(0, this.#heldLength);
      const size = Math.min(KEPT_BYTES, this.maxHeld);
      const head = Buffer.alloc(size);
      const length = held.copy(head);
      rest.copy(head, length);
      this.#long = new LongMessage(head);
      this.#isBlank = true;
      this.#addLong(held);
      this.#held = Buffer.alloc(0);
      this.#heldLength = 0;
    }
    this.#addLong(rest);
  }

  #addLong(bytes: Buffer): void {
    this.#isBlank &&= firstNonBlank(bytes, 0) === bytes.length;
    this.#long?.add(bytes);
  }

  #hold(bytes: Buffer): void {
    const length = this.#heldLength + bytes.length;
    if (length > this.#held.length) {
      // Not a list of parts: one byte at a time would be a list of millions.
      const grown = Buffer.allocUnsafeSlow(
        Math.max(length, 2 * this.#held.length, HELD_BYTES),
      );
      this.#held.copy(grown, 0, 0, this.#heldLength);
      this.#held = grown;
    }
    bytes.copy(this.#held, this.#heldLength);
    this.#heldLength = length;
  }

  #complete(isLineEnd: boolean): void {
    if (this.#long) {
      if (!this.#isBlank) this.#add(this.#long.end(isLineEnd));
      this.#long = undefined;
    } else if (this.#heldLength > 0) {
      this.#emit(this.#held.subarray(0, this.#heldLength), isLineEnd);
    }
    this.#held = Buffer.alloc(0);
    this.#heldLength = 0;
  }

  #emit(bytes: Buffer, isLineEnd: boolean, isWhole = false): void {
    let message = bytes;
    if (this.#format === 'array') {
      message = withoutBlanksAfter(withoutBlanksBefore(bytes));
    } else if (isLineEnd && bytes[bytes.length - 1] === CARRIAGE_RETURN) {
      message = bytes.subarray(0, -1);
    }
    if (firstNonBlank(message, 0) === message.length) return;
    const last = message[message.length - 1];
    this.#add(
      message,
      isWhole && message[0] === OPEN_BRACE && last === CLOSE_BRACE,
    );
  }

  /** @param isWhole - whether it is known to be all of a value, if it is one */
  #add(message: Message, isWhole = false): void {
    if (this.#format === 'array' || !this.#joiner) this.#messages.push(message);
    else this.#joiner.add(message, isWhole);
  }
}
