import {
  connectKafka,
  type IngestCounts,
  isBehind,
  KafkaBus,
  partitionOf,
  type Positions,
  TOPIC,
} from '@naap/ingestion';
import {
  compareCoordinates,
  LakeWorker,
  type OffsetRange,
} from '@naap/lakehouse';
import { setTimeout as delay } from 'node:timers/promises';
import { FailedError } from '../../errors';
import type { KafkaTopic } from '../../kafka';
import { takeInputs, takeTopic } from '../intake';
import type { Ingested, Input, Listener, Platform } from '../Platform';
import type { DistributedConfig } from './distributedConfig';

/** The lake is asked so often whether it has what was published, ms: its writers commit every 20 s. */
const LOOK_MS = 2_000;
/** Without a step forward in so long somebody is away. */
const STANDSTILL_MS = 10 * 60_000;

/**
 * A stack: messages go to Kafka from here, and the lake is looked at where Kafka Connect writes it; all else is asked of
 * its portal.
 */
export class DistributedPlatform implements Platform {
  readonly #worker = new LakeWorker();

  constructor(
    private readonly config: DistributedConfig,
    private readonly portal: Platform,
    private readonly topic = TOPIC,
  ) {}

  ingest(
    inputs: readonly Input[],
    listener: Listener,
    signal: AbortSignal,
  ): Promise<Ingested> {
    return this.#intoLake(listener, signal, bus =>
      takeInputs(inputs, bus, text => listener.update(text), signal),
    );
  }

  ingestTopic(
    topic: KafkaTopic,
    listener: Listener,
    signal: AbortSignal,
  ): Promise<Ingested> {
    return this.#intoLake(listener, signal, bus =>
      takeTopic(topic, bus, text => listener.update(text), signal),
    );
  }

  async publish(
    messages: readonly Buffer[],
    source: string,
  ): Promise<IngestCounts> {
    const bus = await this.#bus();
    try {
      const { firstOffset, nextOffset, ...counts } = await bus.append(
        messages,
        source,
      );
      return counts;
    } finally {
      await bus.close();
    }
  }

  readonly build: Platform['build'] = (...of) => this.portal.build(...of);
  readonly sync: Platform['sync'] = (...of) => this.portal.sync(...of);
  readonly maintain: Platform['maintain'] = (...of) =>
    this.portal.maintain(...of);
  readonly compare: Platform['compare'] = (...of) => this.portal.compare(...of);
  readonly replay: Platform['replay'] = (...of) => this.portal.replay(...of);
  readonly kpis: Platform['kpis'] = (...of) => this.portal.kpis(...of);
  readonly requests: Platform['requests'] = (...of) =>
    this.portal.requests(...of);
  readonly availability: Platform['availability'] = (...of) =>
    this.portal.availability(...of);
  readonly targets: Platform['targets'] = (...of) => this.portal.targets(...of);
  readonly inventory: Platform['inventory'] = (...of) =>
    this.portal.inventory(...of);

  close(): Promise<void> {
    return this.#worker.stop();
  }

  #bus(): Promise<KafkaBus> {
    return KafkaBus.open(connectKafka(this.config.kafka), this.topic);
  }

  /** Publishes, and waits until the lake has it. */
  async #intoLake(
    listener: Listener,
    signal: AbortSignal,
    publish: (bus: KafkaBus) => Promise<Ingested>,
  ): Promise<Ingested> {
    const bus = await this.#bus();
    let ingested: Ingested;
    let before: Positions;
    let after: Positions;
    try {
      before = await bus.positions();
      ingested = await publish(bus);
      after = await bus.positions();
    } finally {
      await bus.close();
    }
    const { read, accepted } = ingested.counts;
    await this.#arrival(before, after, listener, signal);
    listener.done(
      `${read} messages, ${accepted} accepted; all are in the lake`,
    );
    return ingested;
  }

  /** Resolves when the lake has all messages between two positions of the topic. */
  async #arrival(
    before: Positions,
    after: Positions,
    listener: Listener,
    signal: AbortSignal,
  ): Promise<void> {
    const ranges = this.#ranges(before, after);
    let since = Date.now();
    let last = '';
    while (ranges.length > 0 && !signal.aborted) {
      const partitions = await compareCoordinates(
        this.#worker,
        { lake: this.config.lake },
        { ranges },
      );
      const reached = new Map(
        partitions.map(one => [
          partitionOf(one.topic, one.partition),
          BigInt(one.reached),
        ]),
      );
      const isComplete = partitions.every(({ missing }) => missing === 0);
      if (isComplete && !isBehind(reached, after)) return;
      const now = JSON.stringify(partitions);
      if (now !== last) since = Date.now();
      last = now;
      if (Date.now() - since > STANDSTILL_MS) {
        throw new FailedError(
          'all is in Kafka, but nothing more has come to the lake for ten minutes: ./naap status tells who is away',
        );
      }
      listener.update('published; waiting for the lake');
      await delay(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  }

  /** What lies between two positions. */
  #ranges(before: Positions, after: Positions): OffsetRange[] {
    return [...after].flatMap(([name, to]) => {
      const from = before.get(name) ?? 0n;
      const partition = Number(name.slice(this.topic.length + 1));
      const offsets = { from: Number(from), to: Number(to) };
      return from < to ? [{ topic: this.topic, partition, ...offsets }] : [];
    });
  }
}
