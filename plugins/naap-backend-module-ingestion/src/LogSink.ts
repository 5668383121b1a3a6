import { InputError, ServiceUnavailableError } from '@backstage/errors';
import {
  AppendResult,
  EventLog,
  EventLogError,
  ingestStream,
  IngestStreamError,
} from '@naap/ingestion';
import type { IngestAnswer, StorageState } from '@naap/plugin-naap-common';
import type { Append, EventSink } from '@naap/plugin-naap-node';
import type { Readable } from 'node:stream';

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
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  // zlib: the body began like gzip.
  return code?.startsWith('Z_') ? new InputError(message, cause) : cause;
}

/** The event sink of the embedded profile: the event log on this disk. */
export class LogSink implements EventSink {
  #listener: (append: Append) => void = () => {};

  constructor(private readonly log: EventLog) {}

  async ingest(messages: Readable, source: string): Promise<IngestAnswer> {
    let acceptedBefore = 0;
    try {
      // A log that takes nothing says so before anything is read.
      await this.log.append([], source);
      const counts = await ingestStream(messages, this.log, source, {
        onProgress: ({ accepted }) => {
          this.#listener({
            nextOffset: this.log.nextOffset,
            receivedAt: Date.now(),
            accepted: accepted - acceptedBefore,
          });
          acceptedBefore = accepted;
        },
      });
      return { ...counts, nextOffset: this.log.nextOffset };
    } catch (error) {
      throw asHttpError(error);
    }
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
