/**
 * A process that reads a topic of a real broker into an event log is killed with -9 again and again while events flow:
 * in the end the log has every record once, by its coordinates, and the counts are those of the topic.
 *
 *     NAAP_TEST_KAFKA=127.0.0.1:9092 KILLS=50 node --test e2e/kafkaKills.e2e.ts
 */
import { RecordBatchReader } from 'apache-arrow';
import { Kafka, logLevel } from 'kafkajs';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { lines, message } from './attack/payloads.ts';
import { Home, ROOT } from './command.ts';

const BROKER = process.env.NAAP_TEST_KAFKA ?? '';
const KILLS = Number(process.env.KILLS ?? 50);
const EVENTS = Number(process.env.EVENTS ?? 200_000);
const PARTITIONS = 3;
const SENT_AT_ONCE = 500;
/** A reader that gets no further for so long has lost something, however busy the machine is. */
const STUCK_MS = 300_000;
const TRANSFORM = createRequire(import.meta.url).resolve(
  '@backstage/cli/config/nodeTransform.cjs',
);

const kafka = new Kafka({ brokers: [BROKER], logLevel: logLevel.NOTHING });
const admin = kafka.admin();
const producer = kafka.producer({ allowAutoTopicCreation: false });
const topic = `kills-${randomUUID()}`;
let home: Home;

after(async () => {
  await Promise.all([admin.disconnect(), producer.disconnect()]);
  rmSync(home.path, { recursive: true, force: true });
});

function reader() {
  const fixture = join(
    ROOT,
    'packages/ingestion/src/kafka/__fixtures__/readForever.ts',
  );
  const args = ['--require', TRANSFORM, fixture, home.path, BROKER, topic];
  return spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Sends events, with one in ten that is no message. */
async function produce(from: number, to: number): Promise<void> {
  const at = Date.now();
  for (let first = from; first < to; first += SENT_AT_ONCE) {
    const count = Math.min(SENT_AT_ONCE, to - first);
    const messages = Array.from({ length: count }, (_, i) => {
      const n = first + i;
      const event = message('stream_trace', at, 'gateway', {
        type: 'gateway_receive_stream_request',
        stream_id: `s${n}`,
        request_id: `r${n}`,
      });
      const text = lines([{ ...event, id: `kill-${n}` }]).trim();
      return {
        partition: n % PARTITIONS,
        value: n % 10 === 9 ? `no message ${n}` : text,
      };
    });
    await producer.send({ topic, messages });
  }
}

interface Row {
  class: string;
  counts: string | null;
  source_partition: number;
  source_offset: bigint;
  source_next_offset: bigint | null;
}

function rows(): Row[] {
  const log = join(home.path, 'log');
  return readdirSync(log)
    .filter(name => name.endsWith('.arrows'))
    .sort((a, b) => parseInt(a, 10) - parseInt(b, 10))
    .flatMap(name =>
      [...RecordBatchReader.from(readFileSync(join(log, name)))].flatMap(
        batch => [...batch].map(row => row.toJSON() as unknown as Row),
      ),
    );
}

/** How far each partition is in the log. */
function readUpTo(all: Row[]): bigint[] {
  const next = Array<bigint>(PARTITIONS).fill(0n);
  for (const row of all) {
    if (row.class !== 'batch') continue;
    // No batch begins before the one before it has ended.
    assert.ok(row.source_offset >= next[row.source_partition]);
    next[row.source_partition] = row.source_next_offset ?? 0n;
  }
  return next;
}

test(`${KILLS} kills lose and double nothing`, async () => {
  home = await Home.create();
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({
    topics: [{ topic, numPartitions: PARTITIONS, replicationFactor: 1 }],
    waitForLeaders: true,
  });
  for (let kill = 0; kill < KILLS; kill++) {
    const child = reader();
    // However fast the readers before it were, there is something to read.
    const part = [kill, kill + 1].map(n => Math.round((n * EVENTS) / KILLS));
    const producing = produce(part[0], part[1]);
    await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'close').then(() => assert.fail('it ended by itself')),
    ]);
    await delay(Math.random() * 1_000);
    child.kill('SIGKILL');
    await once(child, 'close');
    await producing;
  }

  const child = reader();
  const ends = await admin.fetchTopicOffsets(topic);
  const total = ends.reduce((sum, { high }) => sum + Number(high), 0);
  let seen = 0;
  let movedAt = Date.now();
  while (seen < total) {
    await delay(1_000);
    const now = readUpTo(rows()).reduce((sum, next) => sum + Number(next), 0);
    if (now > seen) movedAt = Date.now();
    seen = now;
    assert.ok(
      Date.now() - movedAt < STUCK_MS,
      `it stays at ${seen} of ${total} records`,
    );
  }
  child.kill('SIGKILL');
  await once(child, 'close');

  const all = rows();
  const places = all
    .filter(row => row.class !== 'batch')
    .map(row => `${row.source_partition}/${row.source_offset}`);
  assert.equal(total, EVENTS);
  assert.equal(new Set(places).size, EVENTS);
  assert.equal(places.length, EVENTS);
  const sums = { read: 0, accepted: 0, rejected: 0, duplicate: 0 };
  for (const { counts } of all) {
    if (counts === null) continue;
    const found = JSON.parse(counts);
    for (const name of Object.keys(sums) as Array<keyof typeof sums>) {
      sums[name] += found[name];
    }
  }
  assert.deepEqual(sums, {
    read: EVENTS,
    accepted: (EVENTS / 10) * 9,
    rejected: EVENTS / 10,
    duplicate: 0,
  });
});
