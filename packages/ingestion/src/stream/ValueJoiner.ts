import type { Message } from '../message';
import { firstNonBlank, withoutBlanksAfter } from './blanks';

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const COMMA = 0x2c;
const COLON = 0x3a;
/** What comes after a value or the name of a member, and begins none. */
const AFTER_VALUE = new Set(Buffer.from(',:]}'));

/**
 * Bytes that may be looked at again for each byte that came: lines that look
 * like the beginning of a value and are none must not cost more than that.
 */
const LOOKS_AGAIN = 4;
const FIRST_CREDIT = 64 * 1024;
const MAX_CREDIT = 4 * 1024 * 1024;

function isOpening(byte: number): boolean {
  return byte === OPEN_BRACE || byte === OPEN_BRACKET;
}

/** Whether a line that begins with `next` may go on after one that ends with `last`. */
function mayFollow(last: number, next: number): boolean {
  switch (last) {
    case OPEN_BRACE:
      return next === QUOTE || next === CLOSE_BRACE;
    case OPEN_BRACKET:
      return next === CLOSE_BRACKET || !AFTER_VALUE.has(next);
    case COMMA:
    case COLON:
      return !AFTER_VALUE.has(next);
    default:
      return AFTER_VALUE.has(next);
  }
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString());
    return true;
  } catch {
    return false;
  }
}

/** Finds where brackets balance. */
class Brackets {
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** Of bytes that begin with a bracket, or go on: where the value ends, or -1 when it goes on. */
  end(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at];
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inString = false;
      } else if (byte === QUOTE) {
        this.#inString = true;
      } else if (isOpening(byte)) {
        this.#depth++;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (--this.#depth === 0) return at + 1;
      }
    }
    return -1;
  }

  /** No text of JSON goes over the end of a line. */
  get isTorn(): boolean {
    return this.#inString;
  }
}

/**
 * Makes messages of lines. A line is one message, but for two shapes: JSON
 * objects or arrays that follow each other on a line are one each, and one that
 * goes on over lines is one, up to where its brackets balance.
 *
 * A line that begins a value which the lines after it don't go on with, or not
 * within `maxHeld` bytes, is a message by itself, as it is; those after it are
 * looked at anew. So a torn line costs its neighbours nothing.
 */
export class ValueJoiner {
  /** Lines of a value that goes on, each with its end. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #brackets = new Brackets();
  /** Its last byte that is no blank. */
  #last = 0;
  #credit = FIRST_CREDIT;

  constructor(
    private readonly emit: (message: Message) => void,
    private readonly maxHeld: number,
  ) {}

  /**
   * @param line - not blank, without its end; what is held of it is copied
   * @param isWhole - whether it is known to be one value
   */
  add(line: Message, isWhole: boolean): void {
    if (Buffer.isBuffer(line)) {
      this.#credit = Math.min(
        this.#credit + LOOKS_AGAIN * line.length,
        MAX_CREDIT,
      );
      if (isWhole && !this.#isOpen) this.emit(line);
      else this.#take([line]);
    } else {
      this.end();
      this.emit(line);
    }
  }

  /** No line follows. */
  end(): void {
    while (this.#isOpen) this.#take(this.#giveUp());
  }

  get #isOpen(): boolean {
    return this.#held.length > 0;
  }

  #take(lines: Buffer[]): void {
    // The next line is the last of the list.
    const queue = lines.reverse();
    for (let line = queue.pop(); line; line = queue.pop()) {
      const again = this.#isOpen ? this.#goOn(line) : this.#begin(line);
      for (let i = again.length - 1; i >= 0; i--) queue.push(again[i]);
    }
  }

  /** A line with which a message begins; returns what is to be looked at next. */
  #begin(line: Buffer): Buffer[] {
    const values: Buffer[] = [];
    for (let start = firstNonBlank(line, 0); ; ) {
      const brackets = new Brackets();
      const isValue = isOpening(line[start]);
      const end = isValue ? brackets.end(line, start) : -1;
      if (!isValue || (end < 0 && brackets.isTorn)) break;
      if (end < 0) {
        if (!values.every(isJson)) break;
        values.forEach(this.emit);
        this.#brackets = brackets;
        this.#hold(line.subarray(start));
        return [];
      }
      values.push(line.subarray(start, end));
      start = firstNonBlank(line, end);
      if (start < line.length) continue;
      if (values.length === 1 || !values.every(isJson)) break;
      values.forEach(this.emit);
      return [];
    }
    this.emit(line);
    return [];
  }

  /** A line after one whose value goes on. */
  #goOn(line: Buffer): Buffer[] {
    const fits =
      this.#heldBytes + line.length <= this.maxHeld &&
      mayFollow(this.#last, line[firstNonBlank(line, 0)]);
    const end = fits ? this.#brackets.end(line, 0) : -1;
    if (!fits || (end < 0 && this.#brackets.isTorn)) {
      return [...this.#giveUp(), line];
    }
    if (end < 0) {
      this.#hold(line);
      return [];
    }
    const value = Buffer.concat([...this.#held, line.subarray(0, end)]);
    if (!isJson(value)) return [...this.#giveUp(), line];
    this.#letGo();
    this.emit(value);
    const rest = line.subarray(firstNonBlank(line, end));
    return rest.length > 0 ? [rest] : [];
  }

  #hold(line: Buffer): void {
    // A copy: a part would hold on to the whole chunk.
    const held = Buffer.allocUnsafe(line.length + 1);
    line.copy(held);
    held[line.length] = NEWLINE;
    this.#held.push(held);
    this.#heldBytes += held.length;
    const { length } = withoutBlanksAfter(line);
    this.#last = line[length - 1];
  }

  #letGo(): Buffer[] {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    return held.map(line => line.subarray(0, -1));
  }

  /** What is held is no value: its first line is a message, or all of them where it would cost too much to look again. */
  #giveUp(): Buffer[] {
    const bytes = this.#heldBytes;
    const [first, ...rest] = this.#letGo();
    this.emit(first);
    if (bytes <= this.#credit) {
      this.#credit -= bytes;
      return rest;
    }
    rest.forEach(this.emit);
    return [];
  }
}
