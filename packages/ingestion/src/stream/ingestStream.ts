import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { addCounts, IngestCounts, noCounts } from '../counts';
import { AppendOptions, AppendResult, EventLog } from '../log/EventLog';
import { MessageSplitter } from './MessageSplitter';

const APPEND_BYTES = 4 * 1024 * 1024;
const APPEND_MESSAGES = 16 * 1024;
/** While one append goes to the disk the next ones are classified. */
const APPENDS_IN_FLIGHT = 3;
const GUNZIP_CHUNK_BYTES = 256 * 1024;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

export interface IngestStreamOptions extends AppendOptions {
  /** Called with the totals so far whenever more is durable. */
  onProgress?: (counts: IngestCounts) => void;
}

/** A stream that could not be read to its end. */
export class IngestStreamError extends Error {
  readonly name = 'IngestStreamError';

  constructor(
    message: string,
    /** What is durable nevertheless. */
    readonly counts: IngestCounts,
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Reads on from an iterator, after `head`; closes it when it is left early. */
async function* resumed(head: Buffer, rest: AsyncIterator<Buffer>) {
  try {
    yield head;
    for (;;) {
      const { value, done } = await rest.next();
      if (done) return;
      yield value;
    }
  } finally {
    await rest.return?.();
  }
}

async function* decompressed(input: AsyncIterable<Buffer>) {
  const chunks = input[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < GZIP_MAGIC.length) {
    const { value, done } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  const all = resumed(head, chunks);
  if (head.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC)) {
    const compressed = Readable.from(all, { objectMode: false });
    const gunzip = createGunzip({ chunkSize: GUNZIP_CHUNK_BYTES });
    // Errors come out of gunzip; here both streams are closed by each other.
    yield* pipeline(compressed, gunzip, () => undefined);
  } else {
    yield* all;
  }
}

/**
 * Brings all messages of a stream of bytes into the log: lines or one JSON
 * array, gzip or not. Resolves when all of them are durable.
 *
 * @param input - gives Buffers
 * @param source - who brings them
 * @throws IngestStreamError when the stream breaks off or the log refuses;
 *   what is durable by then stays, and sending it again only gives duplicates
 */
export async function ingestStream(
  input: AsyncIterable<Buffer>,
  log: EventLog,
  source: string,
  options: IngestStreamOptions = {},
): Promise<IngestCounts> {
  const total = noCounts();
  const splitter = new MessageSplitter();
  const inFlight: Array<Promise<AppendResult>> = [];
  let messages: Buffer[] = [];
  let bytes = 0;

  const settleOldest = async () => {
    const [oldest] = inFlight.splice(0, 1);
    addCounts(total, await oldest);
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
  const take = async (more: Buffer[]) => {
    for (const message of more) {
      messages.push(message);
      bytes += message.length;
      if (bytes >= APPEND_BYTES || messages.length >= APPEND_MESSAGES) {
        await append();
      }
    }
  };

  let failure: unknown;
  try {
    for await (const chunk of decompressed(input)) {
      await take(splitter.push(chunk));
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
    throw new IngestStreamError(
      `Only ${total.read} messages of the input were stored: ${reason}`,
      total,
      { cause: failure },
    );
  }
  return total;
}
