import type { EventBus, Published, PublishOptions } from '../EventBus';
import { partitionOf, type Positions } from '../positions';
import { ingestStream } from '../stream/ingestStream';
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

/** The event log of this machine as a bus of one partition. Its keys are remembered as long as the process lives. */
export class EventLogBus implements EventBus {
  readonly #tries = new Tries();

  constructor(private readonly log: EventLog) {}

  async publish(
    messages: AsyncIterable<Buffer>,
    source: string,
    { key, ...options }: PublishOptions = {},
  ): Promise<Published> {
    await this.check();
    const take = (skip: number) =>
      ingestStream(messages, this.log, source, { ...options, skip });
    const counts = await this.#tries.take(key && `${source} ${key}`, take);
    return { ...counts, positions: await this.positions() };
  }

  /** One append: after a crash all of it is in the log or nothing. */
  append(messages: readonly Buffer[], source: string): Promise<AppendResult> {
    return this.log.append(messages, source, { whole: true });
  }

  async positions(): Promise<Positions> {
    return logPositions(this.log.nextOffset);
  }

  check(): Promise<void> {
    return this.log.check();
  }
}
