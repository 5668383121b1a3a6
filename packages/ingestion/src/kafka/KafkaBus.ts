import type { Admin, Kafka, Message as KafkaRecord, Producer } from 'kafkajs';
import { noCounts } from '../counts';
import type { EventBus, Published, PublishOptions } from '../EventBus';
import { toEntry } from '../eventlog/Entry';
import type { AppendResult } from '../eventlog/EventLog';
import { Tries } from '../eventlog/Tries';
import { lengthOf, type Message } from '../message';
import { partitionOf, type Positions } from '../positions';
import { ingestStream } from '../stream/ingestStream';
import { MESSAGE_COST, Turns } from '../turns';
import { kafkaReason } from './connection';
import { toRecord } from './cutRecord';
import { RecentIdentities } from './RecentIdentities';
import { topicOffsets } from './offsets';
import { sourceHeader } from './sourceHeader';

/** A send is no larger, as one that is over `max.message.bytes` is refused whole; a larger message goes alone. */
const SEND_BYTES = 512 * 1024;
const SEND_MESSAGES = 2_000;
/** Who publishes waits for the answer: a broker that is away is asked again for some seconds only. */
const RETRY = { initialRetryTime: 200, retries: 6 };

/** It takes nothing: it is closed, or the cluster can't be reached or refuses. */
export class KafkaBusError extends Error {
  readonly name = 'KafkaBusError';
}

const unreached = (error: unknown) =>
  new KafkaBusError(`Kafka takes nothing: ${kafkaReason(error)}`, {
    cause: error,
  });

/** Records of sends, in their order. */
function* sendsOf(
  messages: readonly Message[],
  source: string | undefined,
): Generator<KafkaRecord[]> {
  const known = source === undefined ? {} : sourceHeader(source);
  let send: KafkaRecord[] = [];
  let bytes = 0;
  for (const message of messages) {
    const more = MESSAGE_COST + lengthOf(message);
    const isFull = bytes + more > SEND_BYTES || send.length >= SEND_MESSAGES;
    if (isFull && send.length > 0) {
      yield send;
      send = [];
      bytes = 0;
    }
    const { value, headers } = toRecord(message);
    send.push({ value, headers: { ...headers, ...known } });
    bytes += more;
  }
  if (send.length > 0) yield send;
}

/**
 * A topic of raw messages as a bus. All that is brought is sent, copies too, as
 * only the lake can tell for sure; those that came lately are counted as
 * duplicates. Its keys and what came lately are remembered as long as the process lives.
 */
export class KafkaBus implements EventBus {
  readonly #tries = new Tries();
  readonly #recent = new RecentIdentities();
  #admin: Promise<Admin> | undefined;
  #producer: Promise<Producer> | undefined;
  #isClosed = false;

  private constructor(
    private readonly kafka: Kafka,
    private readonly topic: string,
  ) {}

  static async open(kafka: Kafka, topic: string): Promise<KafkaBus> {
    const bus = new KafkaBus(kafka, topic);
    await (bus.#admin = bus.#connectedAdmin());
    return bus;
  }

  async publish(
    messages: AsyncIterable<Buffer>,
    source: string,
    { key, ...options }: PublishOptions = {},
  ): Promise<Published> {
    // The key first: who is asked in the meantime is told that it is in use.
    const take = async (skip: number) => {
      await this.check();
      return ingestStream(messages, this, source, { ...options, skip });
    };
    const counts = await this.#tries.take(key && `${source} ${key}`, take);
    return { ...counts, positions: await this.positions() };
  }

  /**
   * Sends messages; resolves when all replicas have them.
   *
   * @param source - who brought them; without it they are of whoever writes to the topic
   * @throws KafkaBusError
   */
  async append(
    messages: readonly Message[],
    source?: string,
  ): Promise<AppendResult> {
    for (const send of sendsOf(messages, source)) await this.#send(send);
    // The offsets of a log of one partition: here `positions` tells.
    const result = { ...noCounts(), firstOffset: 0, nextOffset: 0 };
    const turns = new Turns();
    const receivedAt = Date.now();
    for (const message of messages) {
      if (turns.isOver(MESSAGE_COST + lengthOf(message))) await turns.next();
      const entry = toEntry(message, receivedAt);
      result.read++;
      if (this.#recent.sees(entry)) {
        result.duplicate++;
        continue;
      }
      result[entry.class]++;
      if (entry.class !== 'accepted') {
        const reasons: Record<string, number> = result.reasons;
        reasons[entry.reason] = (reasons[entry.reason] ?? 0) + 1;
      }
    }
    return result;
  }

  async positions(): Promise<Positions> {
    const offsets = await this.#offsets();
    return new Map(
      offsets.map(({ partition, high }) => [
        partitionOf(this.topic, partition),
        BigInt(high),
      ]),
    );
  }

  async check(): Promise<void> {
    if (this.#isClosed) throw new KafkaBusError('The bus is closed');
    await this.positions();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const producer = await this.#producer?.catch(() => undefined);
    await producer?.disconnect();
    const admin = await this.#admin?.catch(() => undefined);
    await admin?.disconnect();
  }

  async #offsets(): ReturnType<typeof topicOffsets> {
    this.#admin ??= this.#connectedAdmin();
    const used = this.#admin;
    try {
      return await topicOffsets(await used, this.topic);
    } catch (error) {
      // It knows where the broker was, for ever: another one finds where it is.
      if (this.#admin === used) this.#admin = undefined;
      used.then(admin => admin.disconnect()).catch(() => undefined);
      throw unreached(error);
    }
  }

  async #connectedAdmin(): Promise<Admin> {
    const admin = this.kafka.admin({ retry: RETRY });
    await admin.connect();
    return admin;
  }

  async #send(messages: KafkaRecord[]): Promise<void> {
    if (this.#isClosed) throw new KafkaBusError('The bus is closed');
    this.#producer ??= this.#connected();
    const used = this.#producer;
    try {
      const producer = await used;
      await producer.send({ topic: this.topic, acks: -1, messages });
    } catch (error) {
      // After a failure its sequence of numbers may not be the broker's any more: another one begins anew.
      if (this.#producer === used) this.#producer = undefined;
      used.then(producer => producer.disconnect()).catch(() => undefined);
      throw unreached(error);
    }
  }

  async #connected(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry: RETRY,
    });
    await producer.connect();
    return producer;
  }
}
