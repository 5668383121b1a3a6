import type { Admin, Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import type { IngestCounts } from '../counts';
import type { EventLog } from '../eventlog/EventLog';
import { partitionOf } from '../positions';
import { KAFKA_SOURCE } from './connection';
import { recordsOf } from './records';
import {
  breakText,
  type Held,
  type Start,
  type StartAt,
  startOf,
} from './startOf';
import { offsetsOfTime, topicOffsets } from './offsets';

/** It was connected and asked the broker for messages in this time, or it is not alive. */
const ALIVE_MS = 60_000;
/** How often the ends of the partitions are asked for. */
const LOOK_MS = 5_000;
/** After a failure that kafkajs does not try again. */
const RESTART_MS = 5_000;
/** A process that was killed is missed after this: its successor waits so long for the partitions. */
const SESSION_MS = 10_000;
/** So long is waited for the end of it. */
const STOP_MS = 8_000;
/** Then the error is shown, and all is tried again. */
const PATIENCE = { retry: { retries: 3 } };
const FETCH_BYTES = 4 * 1024 * 1024;
const PARTITIONS_AT_A_TIME = 3;

export interface KafkaSourceSettings {
  topics: string[];
  /** Consumer group that the offsets are committed to, for others to see: the log knows better how far it is. */
  group: string;
  from: StartAt;
}

/** How it goes with one partition. */
export interface PartitionState {
  topic: string;
  partition: number;
  /** All below it is durable in the log. */
  position: bigint;
  /** Where the partition ends at the last look. */
  end: bigint;
}

export interface KafkaSourceState {
  alive: boolean;
  /** Records that are not read yet, of all partitions; null before the first look. */
  lag: number | null;
  partitions: PartitionState[];
  /** What is or was wrong last, with what to do about it. */
  lastError: { at: number; message: string } | null;
}

export interface KafkaSourceListener {
  /** After every durable append. */
  onAppended?(counts: IngestCounts): void;
  /** Something that an operator should know. */
  onWarning(message: string): void;
}

/** A topic that is read is not there. */
export class MissingTopicError extends Error {
  readonly name = 'MissingTopicError';

  constructor(topic: string) {
    super(
      `No topic ${topic} on the broker: make it there (none is made by itself), or mend naap.ingestion.kafka.topics. It is looked for again every few seconds.`,
    );
  }
}

/** Whether the broker knows no such topic. */
export function isUnknownTopic(error: unknown): boolean {
  return (
    error instanceof Error &&
    'type' in error &&
    error.type === 'UNKNOWN_TOPIC_OR_PARTITION'
  );
}

/**
 * Reads topics of Kafka into the event log. The log has a batch on disk before
 * the group hears of it, and keeps with the batch how far it is: from there it
 * is read on, whatever the group says. So nothing is lost or doubled, whenever
 * the process dies.
 */
export class KafkaSource {
  #admin: Admin;
  #consumer: Consumer | undefined;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #polledAt = 0;
  #lastError: KafkaSourceState['lastError'] = null;
  /** The offset that each partition is read on from. */
  readonly #next = new Map<string, bigint>();
  /** Partitions as of the last look. */
  readonly #held = new Map<
    string,
    Held & { topic: string; partition: number }
  >();
  /** Topics that are not there, and for how many looks. */
  readonly #missing = new Map<string, number>();

  constructor(
    private readonly kafka: Kafka,
    private readonly log: Pick<EventLog, 'append' | 'sourcePositions'>,
    private readonly settings: KafkaSourceSettings,
    private readonly listener: KafkaSourceListener,
  ) {
    this.#admin = kafka.admin(PATIENCE);
  }

  /** Begins, and goes on until it is stopped: a broker that is not there is tried again and again. */
  start(): void {
    this.#running = this.#run();
  }

  /**
   * Resolves when the last batch is in the log and committed to the group, or after some seconds: kafkajs goes on for long
   * to say goodbye to a broker that is away. What comes of that later finds the log closed.
   */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const waiting = new AbortController();
    const { signal } = waiting;
    await Promise.race([
      this.#running,
      delay(STOP_MS, undefined, { signal }).catch(() => undefined),
    ]);
    waiting.abort();
  }

  get state(): KafkaSourceState {
    const partitions = [...this.#held].map(
      ([name, { topic, partition, high, low }]) => ({
        topic,
        partition,
        position: this.#next.get(name) ?? low,
        end: high,
      }),
    );
    return {
      alive: Date.now() - this.#polledAt < ALIVE_MS && this.#missing.size === 0,
      lag:
        partitions.length > 0
          ? partitions.reduce(
              (sum, { position, end }) =>
                sum + Math.max(0, Number(end - position)),
              0,
            )
          : null,
      partitions,
      lastError: this.#lastError,
    };
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      try {
        await this.#read();
      } catch (error) {
        this.#failed(error);
      }
      await this.#consumer?.disconnect().catch(error => this.#failed(error));
      this.#consumer = undefined;
      await this.#pause(RESTART_MS);
    }
    await this.#admin.disconnect();
  }

  /** Reads the partitions that are there, until there are others or kafkajs gives up. */
  async #read(): Promise<void> {
    await this.#openAdmin();
    const partitions = await this.#look();
    if (partitions.size === 0) return;
    const hasCrashed = await this.#consume();
    while (!this.#isStopping && !hasCrashed()) {
      await this.#pause(LOOK_MS);
      // Where the partitions end is only shown: the consumer finds a broker again by itself.
      const found = await this.#look().catch(async error => {
        this.#failed(error);
        await this.#openAdmin().catch(again => this.#failed(again));
      });
      // kafkajs itself would see others only after minutes.
      if (found && [...found].join() !== [...partitions].join()) return;
    }
  }

  /** A new one: kafkajs keeps for minutes what it knows of topics, and for ever where a broker was. */
  async #openAdmin(): Promise<void> {
    await this.#admin.disconnect();
    this.#admin = this.kafka.admin(PATIENCE);
    await this.#admin.connect();
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    await delay(ms, undefined, { signal }).catch(() => undefined);
  }

  /** The same is said once a minute. */
  #failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const at = Date.now();
    const last = this.#lastError;
    if (last?.message === message && at - last.at < ALIVE_MS) return;
    this.#lastError = { at, message };
    this.listener.onWarning(message);
  }

  /**
   * Asks what the partitions hold, and finds from where those are read on that are new or not what they were.
   *
   * @returns the partitions that are there
   */
  async #look(): Promise<Set<string>> {
    const found = new Set<string>();
    for (const topic of this.settings.topics) {
      // As of before the answer: it is read on meanwhile.
      const next = new Map(this.#next);
      const held = await this.#heldOf(topic);
      if (!held) {
        this.#missing.set(topic, (this.#missing.get(topic) ?? 0) + 1);
        this.#failed(new MissingTopicError(topic));
        continue;
      }
      // Once may be a broker that has just begun.
      const isBack = (this.#missing.get(topic) ?? 0) > 1;
      this.#missing.delete(topic);
      const begins = await this.#beginsOf(topic, held);
      for (const [partition, range] of held) {
        const name = partitionOf(topic, partition);
        found.add(name);
        if (!range) continue;
        this.#held.set(name, { topic, partition, ...range });
        const known = next.get(name);
        const kept = known ?? this.log.sourcePositions.get(name);
        const begin = begins.get(partition) ?? range.low;
        const start: Start =
          isBack && known !== undefined
            ? { offset: range.low, break: 'made again' }
            : startOf(kept, range, begin);
        if (kept !== undefined && start.break) {
          this.#failed(new Error(breakText(name, kept, range, start.break)));
        }
        if (known === undefined || start.break) {
          this.#next.set(name, start.offset);
          this.#moveTo(topic, partition, start.offset);
        }
      }
    }
    return found;
  }

  /** What each partition of a topic holds; undefined where that is not known yet. Undefined without the topic. */
  async #heldOf(
    topic: string,
  ): Promise<Map<number, Held | undefined> | undefined> {
    const partitions = await this.#partitionsOf(topic);
    if (!partitions) return undefined;
    const offsets = await topicOffsets(this.#admin, topic);
    const held = new Map(
      offsets.map(({ partition, low, high }) => [
        partition,
        { low: BigInt(low), high: BigInt(high) },
      ]),
    );
    return new Map(
      partitions.map(partition => [partition, held.get(partition)]),
    );
  }

  /** Undefined without the topic. Only here it is decided: other calls fail as well for other topics that are gone. */
  async #partitionsOf(topic: string): Promise<number[] | undefined> {
    try {
      const asked = { topics: [topic] };
      const { topics } = await this.#admin.fetchTopicMetadata(asked);
      return topics[0].partitions.map(({ partitionId }) => partitionId);
    } catch (error) {
      if (isUnknownTopic(error)) return undefined;
      throw error;
    }
  }

  /** Where partitions begin that the log does not know; asked of the broker only for a time. */
  async #beginsOf(
    topic: string,
    held: Map<number, Held | undefined>,
  ): Promise<Map<number, bigint>> {
    const { from } = this.settings;
    const positions = this.log.sourcePositions;
    const isKnown = (partition: number) =>
      this.#next.has(partitionOf(topic, partition)) ||
      positions.has(partitionOf(topic, partition));
    // A partition that is added while it runs is read from its beginning.
    const isNew = ![...held.keys()].some(isKnown);
    if (typeof from === 'number' && isNew) {
      const found = await offsetsOfTime(this.#admin, topic, from);
      return new Map(
        found.map(({ partition, offset }) => [partition, BigInt(offset)]),
      );
    }
    return new Map(
      [...held].flatMap(([partition, range]) =>
        range
          ? [[partition, from === 'latest' && isNew ? range.high : range.low]]
          : [],
      ),
    );
  }

  /** @returns whether it has given up */
  async #consume(): Promise<() => boolean> {
    let crashed = false;
    const consumer = this.kafka.consumer({
      groupId: this.settings.group,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: SESSION_MS / 10,
      maxBytesPerPartition: FETCH_BYTES,
      maxBytes: PARTITIONS_AT_A_TIME * FETCH_BYTES,
      maxWaitTimeInMs: 500,
      allowAutoTopicCreation: false,
      ...PATIENCE,
    });
    this.#consumer = consumer;
    const { FETCH, GROUP_JOIN, CRASH, END_BATCH_PROCESS } = consumer.events;
    consumer.on(FETCH, () => {
      this.#polledAt = Date.now();
    });
    consumer.on(GROUP_JOIN, ({ payload }) => {
      for (const [topic, partitions] of Object.entries(
        payload.memberAssignment,
      )) {
        for (const partition of partitions) {
          const next = this.#next.get(partitionOf(topic, partition));
          if (next !== undefined) this.#moveTo(topic, partition, next);
        }
      }
    });
    consumer.on(END_BATCH_PROCESS, ({ payload }) => {
      // Markers of transactions are no messages: only here it is told that they were passed.
      const { topic, partition, lastOffset } = payload;
      this.#advance(partitionOf(topic, partition), BigInt(lastOffset) + 1n);
    });
    consumer.on(CRASH, ({ payload }) => {
      this.#failed(payload.error);
      // Where it can be tried again kafkajs does so by itself.
      crashed ||= !payload.restart;
    });
    await consumer.connect();
    await consumer.subscribe({
      topics: this.settings.topics.filter(topic => !this.#missing.has(topic)),
      fromBeginning: true,
    });
    await consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_A_TIME,
      eachBatch: payload => this.#take(payload),
    });
    return () => crashed;
  }

  #moveTo(topic: string, partition: number, offset: bigint): void {
    try {
      this.#consumer?.seek({ topic, partition, offset: `${offset}` });
    } catch {
      // It does not run yet: it is told when it has joined the group.
    }
  }

  #advance(name: string, next: bigint): void {
    const known = this.#next.get(name);
    if (known === undefined || next > known) this.#next.set(name, next);
  }

  /** A batch into the log, then to the group. */
  async #take({ batch, heartbeat }: EachBatchPayload): Promise<void> {
    const { topic, partition } = batch;
    const name = partitionOf(topic, partition);
    if (BigInt(batch.highWatermark) < (this.#next.get(name) ?? 0n)) {
      // Another one of the same name: where it begins has to be asked first.
      await this.#look();
    }
    const { messages, records } = recordsOf(batch, this.#next.get(name) ?? 0n);
    if (messages.length > 0) {
      try {
        const counts = await this.log.append(messages, KAFKA_SOURCE, {
          records,
        });
        this.#advance(name, records.nextOffset);
        this.listener.onAppended?.(counts);
      } catch (error) {
        // A part of it may be there.
        const kept = this.log.sourcePositions.get(name);
        if (kept !== undefined && kept <= records.nextOffset) {
          this.#advance(name, kept);
        }
        this.#failed(error);
        throw error;
      }
    }
    await heartbeat();
    await this.#consumer?.commitOffsets([
      { topic, partition, offset: `${records.nextOffset}` },
    ]);
  }
}
