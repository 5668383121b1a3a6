import type { Admin, Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { addCounts, type IngestCounts, noCounts } from '../../counts';
import { partitionOf } from '../../positions';
import type { KafkaLog } from '../connection';
import {
  BATCHES_TOPIC,
  EVENTS_TOPIC,
  QUARANTINE_TOPIC,
  withAdmin,
} from '../topics';
import { GatePartition, type Widths } from './GatePartition';
import { gateBatches } from './rows';

const OUT_TOPICS = [EVENTS_TOPIC, QUARANTINE_TOPIC, BATCHES_TOPIC];
/** A broker that hears nothing from a replica gives its partitions to others after that, ms. */
const SESSION_TIMEOUT_MS = 10_000;
/** Who hasn't been in touch with the group for so long is not alive, ms. */
const ALIVE_MS = 60_000;
/** Most that is fetched of a partition at once: what is not written yet waits in the broker. */
const FETCH_BYTES = 4 * 1024 * 1024;
const PARTITIONS_AT_ONCE = 4;

export interface KafkaGateOptions {
  /** Topics that raw messages come by. */
  topics: readonly string[];
  /** The replicas of one gate are one group. */
  group: string;
}

/** The gate can't run on this cluster as it is. */
export class KafkaGateError extends Error {
  readonly name = 'KafkaGateError';
}

/** What a gate has done since it was started. */
export interface GateState {
  /** In touch with the group in the last minute. */
  isAlive: boolean;
  counts: IngestCounts;
  /** Records that wait, by `<topic>/<partition>` of what this replica reads. */
  lag: Record<string, number>;
}

/** @throws KafkaGateError when topics are missing */
async function widthsOf(admin: Admin, names: string[]): Promise<Widths> {
  const existing = new Set(await admin.listTopics());
  const missing = names.filter(name => !existing.has(name));
  if (missing.length > 0) {
    throw new KafkaGateError(
      `The cluster lacks ${missing.join(
        ', ',
      )}; start the gate with --topics mend, or make them as docs/kafka.md says`,
    );
  }
  const { topics } = await admin.fetchTopicMetadata({ topics: names });
  return new Map(
    topics.map(({ name, partitions }) => [name, partitions.length]),
  );
}

/**
 * Reads raw messages of source topics and writes them classified into the
 * topics of the lake, each batch in one transaction with its offsets. Any
 * number of replicas share the partitions.
 */
export class KafkaGate {
  readonly #consumer: Consumer;
  readonly #partitions = new Map<string, Promise<GatePartition>>();
  readonly #counts = noCounts();
  readonly #lag = new Map<string, number>();
  #widths: Widths = new Map();
  #seenAt = 0;

  constructor(
    private readonly kafka: Kafka,
    private readonly options: KafkaGateOptions,
    private readonly log: KafkaLog,
  ) {
    const { group } = options;
    this.#consumer = kafka.consumer({
      groupId: group,
      allowAutoTopicCreation: false,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: SESSION_TIMEOUT_MS / 10,
      rebalanceTimeout: 2 * SESSION_TIMEOUT_MS,
      maxBytesPerPartition: FETCH_BYTES,
      maxWaitTimeInMs: 250,
      // Whatever it was: it joins again and goes on from what was committed.
      retry: { restartOnFailure: async () => true },
    });
  }

  get state(): GateState {
    return {
      isAlive: Date.now() - this.#seenAt < ALIVE_MS,
      counts: structuredClone(this.#counts),
      lag: Object.fromEntries(this.#lag),
    };
  }

  /**
   * Begins to read; resolves when it does.
   *
   * @throws KafkaGateError when topics are missing
   */
  async start(): Promise<void> {
    const { topics } = this.options;
    this.#widths = await withAdmin(this.kafka, admin =>
      widthsOf(admin, [...topics, ...OUT_TOPICS]),
    );
    await this.#consumer.connect();
    const { HEARTBEAT, FETCH, GROUP_JOIN } = this.#consumer.events;
    this.#consumer.on(HEARTBEAT, () => this.#isSeen());
    this.#consumer.on(FETCH, () => this.#isSeen());
    this.#consumer.on(GROUP_JOIN, ({ payload }) =>
      this.#keepOnly(payload.memberAssignment),
    );
    await this.#consumer.subscribe({
      topics: [...topics],
      fromBeginning: true,
    });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: payload => this.#takeBatch(payload),
    });
  }

  /** Finishes what is being written, leaves the group and closes all connections. */
  async stop(): Promise<void> {
    await this.#consumer.disconnect();
    await Promise.all([...this.#partitions.keys()].map(key => this.#drop(key)));
  }

  #isSeen(): void {
    this.#seenAt = Date.now();
  }

  async #takeBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat, resolveOffset, isRunning, isStale } = payload;
    const { topic, partition } = batch;
    const key = partitionOf(topic, partition);
    const first = batch.firstOffset();
    if (first === null) return;
    try {
      // Who is out of the group learns it before it shuts out who is in.
      await heartbeat();
      const writer = await this.#open(topic, partition, key);
      const { from, madeAgain } = await writer.take({
        first: BigInt(first),
        end: BigInt(batch.highWatermark),
      });
      if (madeAgain) {
        this.log.warn(
          `${key} begins again at offset ${from}: the topic was deleted and made again. It is read from there; what came before is kept.`,
        );
      }
      const fresh = batch.messages.filter(
        ({ offset }) => BigInt(offset) >= from,
      );
      const nextOffset = BigInt(batch.lastOffset()) + 1n;
      for await (const rows of gateBatches(
        topic,
        partition,
        fresh,
        nextOffset,
      )) {
        if (!isRunning() || isStale()) return;
        await writer.write(rows);
        addCounts(this.#counts, rows.counts);
        const high = BigInt(batch.highWatermark);
        this.#lag.set(key, Number(high - rows.nextOffset));
        resolveOffset(`${rows.nextOffset - 1n}`);
        await heartbeat();
      }
      resolveOffset(batch.lastOffset());
    } catch (error) {
      // The writer may have been shut out, or be in a transaction that nobody can end: a new one knows what is there.
      await this.#drop(key);
      throw error;
    }
  }

  #open(topic: string, partition: number, key: string): Promise<GatePartition> {
    let opened = this.#partitions.get(key);
    if (!opened) {
      const { group } = this.options;
      opened = GatePartition.open(
        this.kafka,
        group,
        topic,
        partition,
        this.#widths,
      );
      this.#partitions.set(key, opened);
    }
    return opened;
  }

  async #drop(key: string): Promise<void> {
    const opened = this.#partitions.get(key);
    this.#partitions.delete(key);
    this.#lag.delete(key);
    // One that could not be opened is closed already.
    const writer = await opened?.catch(() => undefined);
    await writer?.close();
  }

  async #keepOnly(assigned: Record<string, number[]>): Promise<void> {
    const kept = new Set(
      Object.entries(assigned).flatMap(([topic, partitions]) =>
        partitions.map(partition => partitionOf(topic, partition)),
      ),
    );
    const lost = [...this.#partitions.keys()].filter(key => !kept.has(key));
    await Promise.all(lost.map(key => this.#drop(key)));
  }
}
