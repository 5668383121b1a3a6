import {
  CustomErrorBase,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  AppendResult,
  EventLog,
  EventLogError,
  GzipError,
  IngestCounts,
  ingestStream,
  IngestStreamError,
  InputLimitError,
  type IngestStreamOptions,
} from '@naap/ingestion';
import type { IngestAnswer, StorageState } from '@naap/plugin-naap-common';
import type { Append, EventSink, IngestOptions } from '@naap/plugin-naap-node';
import { Tries } from './Tries';

/** An error of whoever brings the messages, which says what was kept of them. */
class PartlyTakenError extends CustomErrorBase {
  readonly counts: IngestCounts;

  constructor(
    readonly statusCode: number,
    name: string,
    { message, counts }: IngestStreamError,
  ) {
    super(message);
    this.name = name;
    this.counts = counts;
  }
}

/** Why a stream was not taken to its end, as an error that the API has a status for. */
function asHttpError(error: unknown): unknown {
  if (error instanceof EventLogError) {
    return new ServiceUnavailableError(error.message, error);
  }
  if (!(error instanceof IngestStreamError)) return error;
  const { cause, message } = error;
  if (cause instanceof EventLogError) {
    return new ServiceUnavailableError(message, cause);
  }
  if (cause instanceof GzipError) {
    return new PartlyTakenError(400, InputError.name, error);
  }
  if (cause instanceof InputLimitError) {
    return new PartlyTakenError(413, 'PayloadTooLargeError', error);
  }
  const { statusCode, name } = cause as { statusCode?: unknown; name: string };
  return typeof statusCode === 'number'
    ? new PartlyTakenError(statusCode, name, error)
    : cause;
}

/** The event sink of the embedded profile: the event log on this disk. */
export class LogSink implements EventSink {
  readonly #tries = new Tries();
  #listener: (append: Append) => void = () => {};

  constructor(private readonly log: EventLog) {}

  async ingest(
    messages: AsyncIterable<Buffer>,
    source: string,
    { key, ...options }: IngestOptions = {},
  ): Promise<IngestAnswer> {
    const take = (skip: number) =>
      this.#take(messages, source, { ...options, skip });
    try {
      // A log that takes nothing says so before anything is read.
      await this.log.append([], source);
      const { counts, resumed } =
        key === undefined
          ? { counts: await take(0), resumed: 0 }
          : await this.#tries.take(`${source} ${key}`, take);
      const { nextOffset } = this.log;
      return { ...counts, nextOffset, ...(resumed > 0 && { resumed }) };
    } catch (error) {
      throw asHttpError(error);
    }
  }

  async #take(
    messages: AsyncIterable<Buffer>,
    source: string,
    options: IngestStreamOptions,
  ): Promise<IngestCounts> {
    let acceptedBefore = 0;
    return ingestStream(messages, this.log, source, {
      ...options,
      onProgress: ({ accepted }) => {
        this.#listener({
          nextOffset: this.log.nextOffset,
          receivedAt: Date.now(),
          accepted: accepted - acceptedBefore,
        });
        acceptedBefore = accepted;
      },
    });
  }

  /** One append: after a crash all of it is in the log or nothing. */
  async append(
    messages: readonly Buffer[],
    source: string,
  ): Promise<AppendResult> {
    const result = await this.log.append(messages, source, { whole: true });
    this.#listener({
      nextOffset: result.nextOffset,
      receivedAt: Date.now(),
      accepted: result.accepted,
    });
    return result;
  }

  storage(): Promise<StorageState> {
    return this.log.room();
  }

  nextOffset(): number {
    return this.log.nextOffset;
  }

  release(offset: number): Promise<void> {
    return this.log.removeSegmentsBefore(offset);
  }

  onAppend(listener: (append: Append) => void): void {
    this.#listener = listener;
  }
}
