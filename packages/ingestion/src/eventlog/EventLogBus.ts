import type { IngestCounts } from '../counts';
import type { EventBus, Published, PublishOptions } from '../EventBus';
import { partitionOf, type Positions } from '../positions';
import { ingestStream, IngestStreamOptions } from '../stream/ingestStream';
import { TOPIC } from '../topic';
import type { AppendResult, EventLog } from './EventLog';
import { Tries } from './Tries';

const PARTITION = partitionOf(TOPIC, 0);

/** Positions of a log whose next row gets the offset. */
export const logPositions = (nextOffset: number | bigint): Positions =>
  new Map([[PARTITION, BigInt(nextOffset)]]);

/** The offset of the log that positions stand for: all below it is in them. */
export const logOffset = (positions: Positions): bigint =>
  positions.get(PARTITION) ?? 0n;

/** One durable append to the log. */
export interface Append {
  /** How far the log is with it. */
  positions: Positions;
  /** Unix ms at which its newest message came in. */
  receivedAt: number;
  /** Accepted events in it. */
  accepted: number;
}

/** The event log of this machine as a bus of one partition. Its keys are remembered as long as the process lives. */
export class EventLogBus implements EventBus {
  readonly #tries = new Tries();

  /** @param onAppend - called after every durable append */
  constructor(
    private readonly log: EventLog,
    private readonly onAppend: (append: Append) => void = () => {},
  ) {}

  async publish(
    messages: AsyncIterable<Buffer>,
    source: string,
    { key, ...options }: PublishOptions = {},
  ): Promise<Published> {
    await this.check();
    const take = (skip: number) =>
      this.#take(messages, source, { ...options, skip });
    const { counts, resumed } =
      key === undefined
        ? { counts: await take(0), resumed: 0 }
        : await this.#tries.take(`${source} ${key}`, take);
    return {
      ...counts,
      positions: await this.positions(),
      ...(resumed > 0 && { resumed }),
    };
  }

  /** One append: after a crash all of it is in the log or nothing. */
  async append(
    messages: readonly Buffer[],
    source: string,
  ): Promise<AppendResult> {
    const result = await this.log.append(messages, source, { whole: true });
    this.appended(result.accepted);
    return result;
  }

  async positions(): Promise<Positions> {
    return logPositions(this.log.nextOffset);
  }

  check(): Promise<void> {
    return this.log.check();
  }

  #take(
    messages: AsyncIterable<Buffer>,
    source: string,
    options: IngestStreamOptions,
  ): Promise<IngestCounts> {
    let acceptedBefore = 0;
    return ingestStream(messages, this.log, source, {
      ...options,
      onProgress: ({ accepted }) => {
        this.appended(accepted - acceptedBefore);
        acceptedBefore = accepted;
      },
    });
  }

  /** Tells that the log has more, such as when a source appended to it itself. */
  appended(accepted: number): void {
    this.onAppend({
      positions: logPositions(this.log.nextOffset),
      receivedAt: Date.now(),
      accepted,
    });
  }
}
