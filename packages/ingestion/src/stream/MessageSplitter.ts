import { KEPT_BYTES, Message } from '../message';
import {
  firstNonBlank,
  withoutBlanksAfter,
  withoutBlanksBefore,
} from './blanks';
import { LongMessage } from './LongMessage';

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

/** Lines, or the elements of one array, parted by commas. */
export type Format = 'lines' | 'array';

/**
 * Cuts a stream of bytes into messages: one a line (`\n` or `\r\n`; blank lines
 * are no messages), or the elements of one JSON array, which is recognised by a
 * `[` followed by `{` or `]`. Nothing is parsed or decoded: what is no JSON and
 * no UTF-8 comes out as the bytes that it was. What follows an array is lines.
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
  #elements = 0;

  /** @param format - of input that is known to be inside of one; without it the first bytes tell */
  constructor(format?: Format, private readonly maxHeld = MAX_HELD_BYTES) {
    this.#format = format ?? 'unknown';
    if (format === 'array') this.#depth = 1;
  }

  /** How many of all messages so far were elements of an array; lines come after them. */
  get elements(): number {
    return this.#elements;
  }

  /** Takes the next bytes; returns the messages that they complete. */
  push(chunk: Buffer): Message[] {
    if (this.#format === 'unknown') {
      this.#head = Buffer.concat([this.#head, chunk]);
      this.#recognise(false);
    } else {
      this.#split(chunk);
    }
    return this.#take();
  }

  /** The last message, if the stream did not end with the end of one. */
  end(): Message[] {
    if (this.#format === 'unknown') this.#recognise(true);
    this.#complete(false);
    return this.#take();
  }

  #take(): Message[] {
    const messages = this.#messages;
    this.#messages = [];
    return messages;
  }

  #recognise(isAll: boolean): void {
    const head = this.#head;
    const last = isAll || head.length >= MAX_HEAD_BYTES;
    if (head.length < BYTE_ORDER_MARK.length && !last) return;
    const hasMark = head.subarray(0, 3).equals(BYTE_ORDER_MARK);
    const body = hasMark ? head.subarray(3) : head;
    const first = firstNonBlank(body, 0);
    const second = firstNonBlank(body, first + 1);
    const isArray =
      body[first] === OPEN_BRACKET &&
      (body[second] === OPEN_BRACE || body[second] === CLOSE_BRACKET);
    const isOpen =
      first >= body.length ||
      (body[first] === OPEN_BRACKET && second >= body.length);
    if (isOpen && !last) return;
    this.#head = Buffer.alloc(0);
    this.#format = isArray ? 'array' : 'lines';
    if (isArray) this.#depth = 1;
    this.#split(isArray ? body.subarray(first + 1) : body);
  }

  #split(chunk: Buffer): void {
    if (this.#format === 'array') this.#splitArray(chunk);
    else this.#splitLines(chunk);
  }

  #splitLines(chunk: Buffer): void {
    let start = 0;
    for (
      let end = chunk.indexOf(NEWLINE);
      end >= 0;
      end = chunk.indexOf(NEWLINE, start)
    ) {
      this.#finish(chunk.subarray(start, end), true);
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  #splitArray(chunk: Buffer): void {
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
        this.#format = 'lines';
        this.#splitLines(chunk.subarray(start));
        return;
      }
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** Takes the last bytes of a message. */
  #finish(bytes: Buffer, isLineEnd: boolean): void {
    if (!this.#isBegun && bytes.length <= this.maxHeld) {
      this.#emit(bytes, isLineEnd);
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

  #emit(bytes: Buffer, isLineEnd: boolean): void {
    let message = bytes;
    if (this.#format === 'array') {
      message = withoutBlanksAfter(withoutBlanksBefore(bytes));
    } else if (isLineEnd && bytes[bytes.length - 1] === CARRIAGE_RETURN) {
      message = bytes.subarray(0, -1);
    }
    if (firstNonBlank(message, 0) < message.length) this.#add(message);
  }

  #add(message: Message): void {
    this.#messages.push(message);
    if (this.#format === 'array') this.#elements++;
  }
}
