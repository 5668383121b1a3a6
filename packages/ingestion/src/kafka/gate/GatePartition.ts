import type { Kafka, Producer, Transaction } from 'kafkajs';
import {
  BATCHES_TOPIC,
  EVENTS_TOPIC,
  QUARANTINE_TOPIC,
  withAdmin,
} from '../topics';
import type { GateBatch } from './rows';

/** A transaction of a gate that died holds up readers for no longer, ms. */
const TRANSACTION_TIMEOUT_MS = 30_000;

/** Partitions of the topics that are written, by topic. */
export type Widths = ReadonlyMap<string, number>;

/** What is read of a partition: from `first` on, and it ends before `end`. */
export interface Fetched {
  first: bigint;
  end: bigint;
}

/** From where records are taken. `madeAgain`: the topic isn't the one whose offset was committed. */
export interface Taken {
  from: bigint;
  madeAgain: boolean;
}

/**
 * What of a fetch is to be written, where all before `next` is. A fetch below
 * it comes again after a rebalance; a partition that ends below it, or of
 * which the group has forgotten the offset, is a new one of the same name.
 *
 * @param committed - what the group has, asked anew; null: nothing
 */
export function takenFrom(
  { first, end }: Fetched,
  next: bigint | null,
  committed: bigint | null,
): Taken {
  if (next === null) return { from: first, madeAgain: false };
  const madeAgain = end < next || (committed === null && first < next);
  return { from: madeAgain ? first : next, madeAgain };
}

/**
 * The one writer of what comes of a source partition. Its transactional id is
 * that of the partition: who opens it shuts out who had it before, so that a
 * replica that lost the partition can't write any more. What the group has
 * committed is asked after that, when nobody else can move it.
 */
export class GatePartition {
  #transaction: Transaction | undefined;

  private constructor(
    private readonly kafka: Kafka,
    private readonly producer: Producer,
    private readonly group: string,
    readonly topic: string,
    readonly partition: number,
    private readonly widths: Widths,
  ) {}

  /** Where the partition goes on; null: nothing was committed. */
  #next: bigint | null = null;

  static async open(
    kafka: Kafka,
    group: string,
    topic: string,
    partition: number,
    widths: Widths,
  ): Promise<GatePartition> {
    const producer = kafka.producer({
      transactionalId: `${group}.${topic}.${partition}`,
      transactionTimeout: TRANSACTION_TIMEOUT_MS,
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      // The end of the last transaction is on its way while the next one begins.
      retry: { initialRetryTime: 20, maxRetryTime: 500, retries: 15 },
    });
    await producer.connect();
    const opened = new GatePartition(
      kafka,
      producer,
      group,
      topic,
      partition,
      widths,
    );
    try {
      opened.#transaction = await producer.transaction();
      opened.#next = await opened.#committed();
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  /** What of a fetch is to be written. */
  async take(fetched: Fetched): Promise<Taken> {
    const next = this.#next;
    const isBelow = next !== null && fetched.first < next;
    const committed = isBelow ? await this.#committed() : next;
    return takenFrom(fetched, next, committed);
  }

  /** Writes rows and the offset in one transaction: all of it is there or nothing. */
  async write(batch: GateBatch): Promise<void> {
    const transaction =
      this.#transaction ?? (await this.producer.transaction());
    this.#transaction = undefined;
    try {
      await transaction.sendBatch({
        acks: -1,
        topicMessages: [
          this.#messages(EVENTS_TOPIC, batch.events, batch.receivedAt),
          this.#messages(QUARANTINE_TOPIC, batch.quarantine, batch.receivedAt),
          this.#messages(BATCHES_TOPIC, [batch.batch], batch.receivedAt),
        ].filter(({ messages }) => messages.length > 0),
      });
      await transaction.sendOffsets({
        consumerGroupId: this.group,
        topics: [
          {
            topic: this.topic,
            partitions: [
              { partition: this.partition, offset: `${batch.nextOffset}` },
            ],
          },
        ],
      });
      await transaction.commit();
    } catch (error) {
      // Who opens the id next ends it, if this can't.
      await transaction.abort().catch(() => undefined);
      throw error;
    }
    this.#next = batch.nextOffset;
  }

  async close(): Promise<void> {
    await this.producer.disconnect();
  }

  /** One partition of each topic gets all that comes of a source partition: its order is kept. */
  #messages(topic: string, rows: readonly Buffer[], receivedAt: number) {
    const partition = this.partition % (this.widths.get(topic) ?? 1);
    const timestamp = String(receivedAt);
    return {
      topic,
      messages: rows.map(value => ({ value, partition, timestamp })),
    };
  }

  async #committed(): Promise<bigint | null> {
    const { topic, partition, group } = this;
    // One that stays would know where the broker was, for ever.
    const [found] = await withAdmin(this.kafka, admin =>
      admin.fetchOffsets({ groupId: group, topics: [topic] }),
    );
    const offset = found?.partitions.find(
      one => one.partition === partition,
    )?.offset;
    return offset === undefined || BigInt(offset) < 0n ? null : BigInt(offset);
  }
}
