/**
 * Prints what memory the gate takes while events flow through it at a steady pace: MB by minute, and the last three minutes over the
 * three before them: what it needs it has by then. Flat is at most 1.05 times.
 *
 *     NAAP_TEST_KAFKA=127.0.0.1:9094 node --require @backstage/cli/config/nodeTransform.cjs bench/gateMemory.ts
 */
import {
  connectKafka,
  KafkaGate,
  mendTopics,
  TOPICS,
  withAdmin,
} from '@naap/ingestion';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { messagesOfADay } from './messages';

const MINUTES = Number(process.env.MINUTES ?? 10);
const PER_SECOND = Number(process.env.PER_SECOND ?? 5_000);
const PARTITIONS = 6;
const LIMIT = 1.05;

const kafka = connectKafka({
  brokers: [process.env.NAAP_TEST_KAFKA ?? '127.0.0.1:9094'],
});

/** Sends messages at a steady pace until it is killed. */
async function produce(topic: string): Promise<void> {
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const day = [...messagesOfADay(50_000)];
  const atOnce = PER_SECOND / 10;
  const began = performance.now();
  for (let round = 0; ; round++) {
    const messages = Array.from({ length: atOnce }, (_, i) => ({
      partition: round % PARTITIONS,
      value: day[(round * atOnce + i) % day.length],
    }));
    await producer.send({ topic, messages });
    await delay(Math.max(0, began + (round + 1) * 100 - performance.now()));
  }
}

const mean = (all: number[]) => all.reduce((a, b) => a + b, 0) / all.length;

async function measure(): Promise<void> {
  const topic = `memory-${randomUUID().slice(0, 8)}`;
  await withAdmin(kafka, async admin => {
    await mendTopics(admin, TOPICS);
    await admin.createTopics({
      topics: [{ topic, numPartitions: PARTITIONS }],
      waitForLeaders: true,
    });
  });
  const options = [...process.execArgv, process.argv[1], topic];
  const producing = spawn(process.execPath, options, { stdio: 'inherit' });
  const gate = new KafkaGate(
    kafka,
    { topics: [topic], group: topic },
    { warn: message => console.error(message) },
  );
  await gate.start();
  const minutes: number[] = [];
  for (let minute = 0; minute < MINUTES; minute++) {
    const seen: number[] = [];
    for (let second = 0; second < 60; second++) {
      await delay(1_000);
      seen.push(process.memoryUsage().rss / 1e6);
    }
    minutes.push(Math.round(mean(seen)));
  }
  const { counts, lag } = gate.state;
  producing.kill('SIGKILL');
  await gate.stop();
  const ratio = mean(minutes.slice(-3)) / mean(minutes.slice(-6, -3));
  const ok = ratio <= LIMIT;
  console.log(
    JSON.stringify({
      read: counts.read,
      lag,
      mb: minutes,
      ratio,
      limit: LIMIT,
      ok,
    }),
  );
  process.exitCode = ok ? 0 : 1;
}

const topic = process.argv[2];
(topic ? produce(topic) : measure()).catch(error => {
  console.error(error);
  process.exitCode = 1;
});
