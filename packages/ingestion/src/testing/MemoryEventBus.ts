import type { AppendResult } from '../eventlog/EventLog';
import { toEntry } from '../eventlog/Entry';
import { Tries } from '../eventlog/Tries';
import { noCounts } from '../counts';
import type { EventBus, Published, PublishOptions } from '../EventBus';
import type { Message } from '../message';
import { partitionOf, type Positions } from '../positions';
import { ingestStream } from '../stream/ingestStream';

const PARTITIONS = 3;

/**
 * A bus of several partitions that keeps nothing but counts: for tests. Its positions begin beyond what a number can hold, as
 * those of a broker may.
 */
export class MemoryEventBus implements EventBus {
  readonly #tries = new Tries();
  readonly #seen = new Set<string>();
  readonly #positions = new Map(
    Array.from({ length: PARTITIONS }, (_, i) => [
      partitionOf('network_events', i),
      2n ** 60n,
    ]),
  );
  /** While it is set it takes nothing, for that reason. */
  failWith: Error | undefined;

  async publish(
    messages: AsyncIterable<Buffer>,
    source: string,
    { key, ...options }: PublishOptions = {},
  ): Promise<Published> {
    await this.check();
    const counts = await this.#tries.take(key && `${source} ${key}`, skip =>
      ingestStream(messages, this, source, { ...options, skip }),
    );
    return { ...counts, positions: await this.positions() };
  }

  async append(messages: readonly Message[]): Promise<AppendResult> {
    await this.check();
    const result = { ...noCounts(), firstOffset: 0, nextOffset: 0 };
    for (const message of messages) {
      const entry = toEntry(message, Date.now());
      const identity = entry.raw.toString('latin1');
      result.read++;
      if (this.#seen.has(identity)) {
        result.duplicate++;
        continue;
      }
      this.#seen.add(identity);
      result[entry.class]++;
      if (entry.class !== 'accepted') {
        const { reason } = entry;
        const reasons: Record<string, number> = result.reasons;
        reasons[reason] = (reasons[reason] ?? 0) + 1;
      }
      const partition = partitionOf(
        'network_events',
        this.#seen.size % PARTITIONS,
      );
      this.#positions.set(partition, this.#positions.get(partition)! + 1n);
    }
    return result;
  }

  async positions(): Promise<Positions> {
    return new Map(this.#positions);
  }

  async check(): Promise<void> {
    if (this.failWith) throw this.failWith;
  }
}
