import { setTimeout as delay } from 'node:timers/promises';
import { Format, MessageSplitter } from './MessageSplitter';
import { unpacked } from './unpacked';
import { utf8 } from './utf8';

/** A piece is whole when it has so many bytes. */
const PIECE_BYTES = 32 * 1024 * 1024;
/** Or when so much time has gone by since its first message. */
const PIECE_MS = 5_000;
/** A longer message can't be in a piece, which is held whole. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

const CARRIAGE_RETURN = 0x0d;
const LINE_END = Buffer.from('\n');
/** After a message that ends with a carriage return of its own. */
const LONG_LINE_END = Buffer.from('\r\n');
const COMMA = Buffer.from(',');

/** Whole messages, as a body that can be sent and sent again. */
export interface Piece {
  body: Buffer;
  /** What `body` is: a MessageSplitter of this format gives the same messages. */
  format: Format;
  messages: number;
}

export interface PieceOptions {
  bytes?: number;
  ms?: number;
}

class PieceBuilder {
  #parts: Buffer[] = [];
  #bytes = 0;
  #messages = 0;
  /** Unix ms of the first message. */
  #begunAt = 0;

  constructor(readonly format: Format) {}

  get bytes(): number {
    return this.#bytes;
  }

  /** Unix ms; undefined while it is empty. */
  get begunAt(): number | undefined {
    return this.#messages > 0 ? this.#begunAt : undefined;
  }

  add(message: Buffer): void {
    if (this.#messages++ === 0) this.#begunAt = Date.now();
    if (this.format === 'array') {
      if (this.#messages > 1) this.#push(COMMA);
      this.#push(message);
    } else {
      const isOpen = message[message.length - 1] === CARRIAGE_RETURN;
      this.#push(message);
      this.#push(isOpen ? LONG_LINE_END : LINE_END);
    }
  }

  build(): Piece {
    const body = Buffer.concat(this.#parts, this.#bytes);
    return { body, format: this.format, messages: this.#messages };
  }

  #push(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
  }
}

/** The chunks of an input, and undefined when none came by the time that `due` says. */
async function* withPauses(
  input: AsyncIterable<Buffer>,
  due: () => number | undefined,
): AsyncGenerator<Buffer | undefined> {
  const chunks = input[Symbol.asyncIterator]();
  let next = chunks.next();
  try {
    for (;;) {
      const at = due();
      const patience = new AbortController();
      const pause =
        at !== undefined &&
        delay(Math.max(0, at - Date.now()), undefined, patience).catch(
          () => undefined,
        );
      const result = await (pause ? Promise.race([next, pause]) : next);
      patience.abort();
      if (!result) {
        yield undefined;
        continue;
      }
      if (result.done) return;
      next = chunks.next();
      // Until it is awaited, a failure is not unhandled.
      next.catch(() => undefined);
      yield result.value;
    }
  } finally {
    chunks.return?.(undefined)?.catch?.(() => undefined);
  }
}

/**
 * All messages of an input (of any shape that MessageSplitter knows, gzip or not), in pieces
 * cut between messages.
 *
 * @throws RangeError for a message that is too long, and what reading throws
 */
export async function* piecesOf(
  input: AsyncIterable<Buffer>,
  { bytes = PIECE_BYTES, ms = PIECE_MS }: PieceOptions = {},
): AsyncGenerator<Piece> {
  const splitter = new MessageSplitter(undefined, MAX_MESSAGE_BYTES);
  let seen = 0;
  let piece = new PieceBuilder('lines');
  const due = () => piece.begunAt && piece.begunAt + ms;

  function* take(chunk: Buffer | null) {
    const found = chunk ? splitter.push(chunk) : splitter.end();
    for (const message of found) {
      if (!Buffer.isBuffer(message)) {
        throw new RangeError(
          `message ${seen + 1} has ${
            message.length
          } bytes; one of over ${MAX_MESSAGE_BYTES} can be taken only while the portal does not run`,
        );
      }
      seen++;
      const format = message.includes(LINE_END) ? 'array' : 'lines';
      if (format !== piece.format) {
        if (piece.begunAt) yield piece.build();
        piece = new PieceBuilder(format);
      }
      piece.add(message);
      if (piece.bytes >= bytes) {
        yield piece.build();
        piece = new PieceBuilder(format);
      }
    }
  }

  let failure: unknown;
  try {
    for await (const chunk of withPauses(utf8(unpacked(input)), due)) {
      if (chunk) {
        yield* take(chunk);
      } else {
        yield piece.build();
        piece = new PieceBuilder(piece.format);
      }
    }
    yield* take(null);
  } catch (error) {
    failure = error;
  }
  // Also after a failure: what is complete is given.
  if (piece.begunAt) yield piece.build();
  if (failure !== undefined) throw failure;
}
