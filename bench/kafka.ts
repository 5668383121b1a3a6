/**
 * Prints how many events a second the gate takes on a broker, and the source of the embedded profile into its log, beside a bare copy
 * of the same topic by kafkajs in the same run: the messages as they are into one topic, in transactions. Limits: gate 50,000 a second
 * and 70 % of the copy, source 40,000.
 *
 *     NAAP_TEST_KAFKA=127.0.0.1:9094 node --require @backstage/cli/config/nodeTransform.cjs bench/kafka.ts
 */
import {
  connectKafka,
  EventLog,
  KafkaGate,
  KafkaSource,
  mendTopics,
  TOPICS,
  withAdmin,
} from '@naap/ingestion';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messagesOfADay } from './messages';

const MESSAGES = Number(process.env.MESSAGES ?? 300_000);
const PARTITIONS = 6;
const AT_ONCE = 500;
const LIMIT = { gate: 50_000, ofCopy: 0.7, source: 40_000 };

const kafka = connectKafka({
  brokers: [process.env.NAAP_TEST_KAFKA ?? '127.0.0.1:9094'],
});
const run = randomUUID().slice(0, 8);
const topic = `bench-${run}`;
const copyTo = `bench-copy-${run}`;

async function fill(): Promise<number> {
  await withAdmin(kafka, async admin => {
    await mendTopics(admin, TOPICS);
    await admin.createTopics({
      topics: [topic, copyTo].map(name => ({
        topic: name,
        numPartitions: PARTITIONS,
        configEntries: [{ name: 'max.message.bytes', value: '8388608' }],
      })),
      waitForLeaders: true,
    });
  });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  let bytes = 0;
  let messages: { partition: number; value: Buffer }[] = [];
  let n = 0;
  const send = async () => {
    await producer.send({ topic, messages });
    messages = [];
  };
  for (const value of messagesOfADay(MESSAGES)) {
    bytes += value.length;
    // As many of a partition lie together as in a batch of a gateway.
    const partition = Math.floor(n++ / AT_ONCE) % PARTITIONS;
    messages.push({ partition, value });
    if (messages.length === AT_ONCE) await send();
  }
  if (messages.length > 0) await send();
  await producer.disconnect();
  return bytes;
}

/** Seconds until all messages are on the other side, from the first that is read on. */
async function copied(): Promise<number> {
  const groupId = `bench-copy-${run}`;
  const consumer = kafka.consumer({
    groupId,
    maxBytesPerPartition: 4 * 1024 * 1024,
    maxWaitTimeInMs: 250,
  });
  const producers = new Map<number, ReturnType<typeof kafka.producer>>();
  let began = 0;
  let seen = 0;
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const done = new Promise<void>((resolve, reject) => {
    const work = consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 4,
      eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
        began ||= performance.now();
        const { partition } = batch;
        let producer = producers.get(partition);
        if (!producer) {
          producer = kafka.producer({
            transactionalId: `${groupId}.${partition}`,
            idempotent: true,
            maxInFlightRequests: 1,
            retry: { initialRetryTime: 20, retries: 15 },
          });
          await producer.connect();
          producers.set(partition, producer);
        }
        for (let at = 0; at < batch.messages.length; at += 2_500) {
          const part = batch.messages.slice(at, at + 2_500);
          const transaction = await producer.transaction();
          await transaction.send({
            topic: copyTo,
            acks: -1,
            messages: part.map(({ value }) => ({ value, partition })),
          });
          const offset = `${BigInt(part[part.length - 1].offset) + 1n}`;
          await transaction.sendOffsets({
            consumerGroupId: groupId,
            topics: [{ topic, partitions: [{ partition, offset }] }],
          });
          await transaction.commit();
          seen += part.length;
          await heartbeat();
        }
        resolveOffset(batch.lastOffset());
        if (seen >= MESSAGES) resolve();
      },
    });
    work.catch(reject);
  });
  await done;
  const seconds = (performance.now() - began) / 1_000;
  await consumer.disconnect();
  for (const producer of producers.values()) await producer.disconnect();
  return seconds;
}

async function gated(): Promise<number> {
  const gate = new KafkaGate(
    kafka,
    { topics: [topic], group: `bench-gate-${run}` },
    { warn: message => console.error(message) },
  );
  await gate.start();
  let began = 0;
  while (gate.state.counts.read < MESSAGES) {
    if (gate.state.counts.read > 0) began ||= performance.now();
    await delay(5);
  }
  const seconds = (performance.now() - began) / 1_000;
  await gate.stop();
  return seconds;
}

async function sourced(): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'naap-bench-'));
  const log = await EventLog.open(home);
  let began = 0;
  const done = new Promise<void>(resolve => {
    const source = new KafkaSource(
      kafka,
      log,
      { topics: [topic], group: `bench-source-${run}`, from: 'earliest' },
      {
        onAppended: () => {
          began ||= performance.now();
          const { lag } = source.state;
          if (lag === 0) resolve(source.stop());
        },
        onWarning: message => console.error(message),
      },
    );
    source.start();
  });
  await done;
  const seconds = (performance.now() - began) / 1_000;
  await log.close();
  await rm(home, { recursive: true });
  return seconds;
}

/** Events a second, and microseconds of this process's processor time for one. */
async function measured(work: () => Promise<number>) {
  const before = process.cpuUsage();
  const perSecond = MESSAGES / (await work());
  const { user, system } = process.cpuUsage(before);
  return [perSecond, Number(((user + system) / MESSAGES).toFixed(1))] as const;
}

async function main(): Promise<void> {
  const bytes = await fill();
  const [copy, copyCpu] = await measured(copied);
  const [gate, gateCpu] = await measured(gated);
  const [source, sourceCpu] = await measured(sourced);
  const ok =
    gate >= LIMIT.gate && gate / copy >= LIMIT.ofCopy && source >= LIMIT.source;
  console.log(
    JSON.stringify({
      messages: MESSAGES,
      megabytes: Math.round(bytes / 1e6),
      copy_per_s: Math.round(copy),
      gate_per_s: Math.round(gate),
      copy_cpu_us: copyCpu,
      source_per_s: Math.round(source),
      gate_cpu_us: gateCpu,
      source_cpu_us: sourceCpu,
      ratio: Number((gate / copy).toFixed(3)),
      limits: LIMIT,
      ok,
    }),
  );
  process.exitCode = ok ? 0 : 1;
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
