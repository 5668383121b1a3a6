import type { IngestCounts } from './counts';
import type { Positions } from './positions';

/** What is known of messages before they are read. */
export interface PublishOptions {
  /** `gzip`: they must be that; `identity`: they are taken as they are; without it the first bytes tell. */
  encoding?: 'gzip' | 'identity';
  /** A message a line, or the elements of an array without its brackets; without it what it says tells. */
  format?: 'lines' | 'array';
  /** Most bytes that are taken, unpacked. */
  maxBytes?: number;
  /** Names them: brought again under the same key, what was taken of them is counted once. */
  key?: string;
}

/** What became of messages: the classes add up to `read`, and all of them are durable. */
export interface Published extends IngestCounts {
  /** Messages in these counts that an earlier try with the same key brought, if there was one. */
  resumed?: number;
  /** How far the bus is with them. */
  positions: Positions;
}

/** The same key is brought at the moment. */
export class KeyInUseError extends Error {
  readonly name = 'KeyInUseError';

  constructor() {
    super(
      'The same Idempotency-Key is being brought at the moment; try again when that has ended',
    );
  }
}

/** Where raw messages go in: the event log of this machine, or a broker. */
export interface EventBus {
  /**
   * Reads raw messages (docs/events.md; gzip or not) to the end and answers their classes once they are durable.
   * On an error what was appended before it stays, and the message says how much; sending the same again only makes duplicates.
   *
   * @throws KeyInUseError; IngestStreamError when they can't be read or are too many, or when it takes nothing more; what
   *   `check` rejects with, before anything is read, when it takes nothing
   */
  publish(
    messages: AsyncIterable<Buffer>,
    source: string,
    options?: PublishOptions,
  ): Promise<Published>;
  /** How far each partition is: all below it is durable. They never go back. */
  positions(): Promise<Positions>;
  /** Rejects while it takes nothing, with an error that says why, such as that the disk is full. Changes nothing. */
  check(): Promise<void>;
}
