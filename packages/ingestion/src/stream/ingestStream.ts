import { addCounts, IngestCounts, noCounts } from '../counts';
import { AppendOptions, AppendResult, EventLog } from '../eventlog/EventLog';
import { lengthOf, Message } from '../message';
import { Turns } from '../turns';
import { Format, MessageSplitter } from './MessageSplitter';
import { Encoding, InputLimitError, unpacked } from './unpacked';
import { utf8 } from './utf8';

const APPEND_BYTES = 4 * 1024 * 1024;
const APPEND_MESSAGES = 16 * 1024;
/** While one append goes to the disk the next ones are classified. */
const APPENDS_IN_FLIGHT = 3;
/** So much is cut into messages at once. */
const PIECE_BYTES = 64 * 1024;
/** What it costs to cut out a message, beside its bytes. */
const SPLIT_COST = 32;

export interface IngestStreamOptions extends AppendOptions {
  /** Called with the totals so far whenever more is durable. */
  onProgress?: (counts: IngestCounts) => void;
  encoding?: Encoding;
  format?: Format;
  /** Most bytes that may come out of it, unpacked; without it any. */
  maxBytes?: number;
  /** So many messages at the beginning are left out: the log has them. */
  skip?: number;
}

/** A stream that could not be read to its end. */
export class IngestStreamError extends Error {
  readonly name = 'IngestStreamError';

  constructor(
    message: string,
    /** What is durable nevertheless. */
    readonly counts: IngestCounts,
    /** Of that, what is there without a gap from the beginning on. */
    readonly beginning: IngestCounts,
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The bytes of the messages in small pieces, up to the limit. */
async function* pieces(
  input: AsyncIterable<Buffer>,
  { encoding, format, maxBytes = Infinity }: IngestStreamOptions,
) {
  let bytes = 0;
  const contents = unpacked(input, encoding);
  // What is cut already is UTF-8, whatever it begins with.
  for await (const chunk of format ? contents : utf8(contents)) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const piece = chunk.subarray(at, at + PIECE_BYTES);
      bytes += piece.length;
      if (bytes > maxBytes) {
        throw new InputLimitError(
          `No more than ${maxBytes} bytes of messages are taken at once, unpacked; send the rest separately.`,
        );
      }
      yield piece;
    }
  }
}

/**
 * Brings all messages of a stream of bytes into the log, of any shape that
 * MessageSplitter knows, UTF-8 or UTF-16, gzip or not. Resolves when all of them are durable. However large
 * they are, others have their turns meanwhile.
 *
 * @param input - gives Buffers
 * @param source - who brings them
 * @throws IngestStreamError when the stream breaks off or the log refuses;
 *   what is durable by then stays, and sending it again only gives duplicates
 */
export async function ingestStream(
  input: AsyncIterable<Buffer>,
  log: Pick<EventLog, 'append'>,
  source: string,
  options: IngestStreamOptions = {},
): Promise<IngestCounts> {
  const total = noCounts();
  let beginning = total;
  const splitter = new MessageSplitter(options.format);
  const turns = new Turns();
  const inFlight: Array<Promise<AppendResult>> = [];
  let toSkip = options.skip ?? 0;
  let messages: Message[] = [];
  let bytes = 0;

  const settleOldest = async () => {
    const [oldest] = inFlight.splice(0, 1);
    try {
      addCounts(total, await oldest);
    } catch (error) {
      // Those that are on their way may get there; no more are sent after them.
      if (beginning === total) beginning = structuredClone(total);
      messages = [];
      throw error;
    }
    options.onProgress?.(total);
  };
  const append = async () => {
    const appended = log.append(messages, source, options);
    // Awaited later; until then a failure is not unhandled.
    appended.catch(() => undefined);
    inFlight.push(appended);
    messages = [];
    bytes = 0;
    if (inFlight.length >= APPENDS_IN_FLIGHT) await settleOldest();
  };
  const take = async (more: Message[]) => {
    for (const message of more) {
      if (toSkip > 0) {
        toSkip--;
        continue;
      }
      messages.push(message);
      bytes += lengthOf(message);
      if (bytes >= APPEND_BYTES || messages.length >= APPEND_MESSAGES) {
        await append();
      }
    }
  };

  let failure: unknown;
  try {
    for await (const piece of pieces(input, options)) {
      const found = splitter.push(piece);
      const cost = piece.length + found.length * SPLIT_COST;
      if (turns.isOver(cost)) await turns.next();
      await take(found);
    }
    await take(splitter.end());
    // A log that takes nothing says so to who brings nothing, too.
    if (total.read === 0 && inFlight.length === 0) await append();
  } catch (error) {
    failure = error;
  }
  // Also after a failure: what is complete is stored.
  while (messages.length > 0 || inFlight.length > 0) {
    try {
      if (messages.length > 0) await append();
      else await settleOldest();
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure !== undefined) {
    const reason = failure instanceof Error ? failure.message : String(failure);
    const kept =
      total.read > 0
        ? `${total.read} messages of the input are kept (sent again they only make duplicates), the rest is not`
        : 'Nothing of the input is kept';
    throw new IngestStreamError(`${kept}: ${reason}`, total, beginning, {
      cause: failure,
    });
  }
  return total;
}
