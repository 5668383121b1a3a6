const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A longer message is cut into pieces of this size, each a message. */
export const MAX_PIECE_BYTES = 64 * 1024 * 1024;
/** How far the beginning is looked at to tell lines from an array. */
const MAX_HEAD_BYTES = 4096;

function isBlank(byte: number): boolean {
  return (
    byte === SPACE ||
    byte === NEWLINE ||
    byte === CARRIAGE_RETURN ||
    byte === 0x09
  );
}

function firstNonBlank(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && isBlank(bytes[at])) at++;
  return at;
}

function trimmed(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && isBlank(bytes[end - 1])) end--;
  return bytes.subarray(firstNonBlank(bytes, 0), end);
}

type Format = 'unknown' | 'lines' | 'array';

/**
 * Cuts a stream of bytes into messages: one a line (`\n` or `\r\n`; blank lines
 * are no messages), or the elements of one JSON array, which is recognised by a
 * `[` followed by `{` or `]`. Nothing is parsed or decoded: what is no JSON and
 * no UTF-8 comes out as the bytes that it was. What follows an array is lines.
 */
export class MessageSplitter {
  #format: Format = 'unknown';
  #head: Buffer = Buffer.alloc(0);
  /** The beginning of a message whose end has not come yet. */
  #parts: Buffer[] = [];
  #partsLength = 0;
  /** Of the array: open brackets, and whether in a string. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #messages: Buffer[] = [];

  constructor(private readonly maxPieceBytes = MAX_PIECE_BYTES) {}

  /** Takes the next bytes; returns the messages that they complete. */
  push(chunk: Buffer): Buffer[] {
    if (this.#format === 'unknown') {
      this.#head = Buffer.concat([this.#head, chunk]);
      this.#recognise(false);
    } else {
      this.#split(chunk);
    }
    return this.#take();
  }

  /** The last message, if the stream did not end with the end of one. */
  end(): Buffer[] {
    if (this.#format === 'unknown') this.#recognise(true);
    this.#complete();
    return this.#take();
  }

  #take(): Buffer[] {
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
      if (this.#partsLength === 0 && end - start < this.maxPieceBytes) {
        this.#emitLine(chunk.subarray(start, end), true);
      } else {
        this.#keep(chunk.subarray(start, end));
        this.#complete(true);
      }
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
        this.#keep(chunk.subarray(start, at));
        this.#complete();
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

  #keep(bytes: Buffer): void {
    let rest = bytes;
    while (this.#partsLength + rest.length > this.maxPieceBytes) {
      const room = this.maxPieceBytes - this.#partsLength;
      this.#parts.push(rest.subarray(0, room));
      this.#partsLength += room;
      this.#complete();
      rest = rest.subarray(room);
    }
    this.#parts.push(rest);
    this.#partsLength += rest.length;
  }

  #complete(isLineEnd = false): void {
    if (this.#partsLength > 0) {
      const message = Buffer.concat(this.#parts, this.#partsLength);
      if (this.#format === 'array') this.#emit(trimmed(message));
      else this.#emitLine(message, isLineEnd);
    }
    this.#parts = [];
    this.#partsLength = 0;
  }

  #emitLine(line: Buffer, isLineEnd: boolean): void {
    const isCrLf = isLineEnd && line[line.length - 1] === CARRIAGE_RETURN;
    this.#emit(isCrLf ? line.subarray(0, -1) : line);
  }

  #emit(message: Buffer): void {
    if (firstNonBlank(message, 0) < message.length)
      this.#messages.push(message);
  }
}
