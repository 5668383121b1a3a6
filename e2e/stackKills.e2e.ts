/**
 * Engines of a whole stack are killed at random while events flow: in the end the lake has each of them once, by its coordinates, and
 * what batches say adds up.
 *
 *     KILLS=30 EVENTS=200000 KILLS_SEED=1 node --test e2e/stackKills.e2e.ts
 */
import { Kafka, logLevel } from 'kafkajs';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { lines, message } from './attack/payloads.ts';
import { bronzeOf, Stack } from './stack.ts';
import { until } from './waiting.ts';

const KILLS = Number(process.env.KILLS ?? 30);
const EVENTS = Number(process.env.EVENTS ?? 200_000);
const SEED = Number(process.env.KILLS_SEED ?? Date.now() % 1_000_000);
const KILLED = ['gate', 'kafka', 'connect', 'hive-metastore', 's3'];
const SENT_AT_ONCE = 500;
/** Between two kills, so that some hit a start and some a commit. */
const PAUSES_MS = [2_000, 20_000];
/** Whoever gets no further for so long has lost something, however busy the machine is. */
const PATIENCE_MS = 20 * 60_000;

const docker = async (...args: string[]) =>
  (await promisify(execFile)('docker', args)).stdout.trim();

let random = SEED;
/** Park and Miller's: the same kills for the same seed. */
function draw(): number {
  random = (random * 48_271) % 2_147_483_647;
  return random / 2_147_483_647;
}

let stack: Stack;
before(async () => {
  stack = await Stack.up('hive');
});
after(() => stack?.down());

const containerOf = (service: string) =>
  docker(
    'ps',
    ...['--all', '--quiet', '--no-trunc'],
    ...['--filter', `label=com.docker.compose.service=${service}`],
    ...['--filter', `label=com.docker.compose.project=${stack.env.NAAP_STACK}`],
  );

/** A crash, which the restart policy mends, or a kill by hand, which somebody has to. */
async function kill(service: string): Promise<void> {
  const container = await containerOf(service);
  if (draw() < 0.5) {
    const pid = Number(
      await docker('inspect', '--format', '{{.State.Pid}}', container),
    );
    // 0: it is just starting again.
    if (pid > 0) process.kill(pid, 'SIGKILL');
  } else {
    await docker('kill', container).catch(() => undefined);
    await delay(draw() * 5_000);
    await docker('start', container);
  }
}

/** Events, with one in ten that is no message; a send that fails is tried again until the broker is back. */
async function produce(): Promise<number> {
  const kafka = new Kafka({
    brokers: [stack.broker],
    logLevel: logLevel.NOTHING,
    retry: { retries: 60, initialRetryTime: 300, maxRetryTime: 5_000 },
  });
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  const at = Date.now();
  const meanPauseMs = (PAUSES_MS[0] + PAUSES_MS[1]) / 2;
  const pauseMs = (KILLS * meanPauseMs * SENT_AT_ONCE) / EVENTS;
  for (let first = 0; first < EVENTS; first += SENT_AT_ONCE) {
    const messages = Array.from({ length: SENT_AT_ONCE }, (_, i) => {
      const n = first + i;
      const event = message('stream_trace', at, 'gateway', {
        type: 'gateway_receive_stream_request',
        stream_id: `s${n}`,
        request_id: `r${n}`,
      });
      const text = lines([{ ...event, id: `kill-${n}` }]).trim();
      return { value: n % 10 === 9 ? `no message ${n}` : text };
    });
    await producer.send({ topic: 'network_events', acks: -1, messages });
    await delay(pauseMs);
  }
  await producer.disconnect();
  return stack.messagesIn('network_events');
}

test(`${KILLS} kills of engines (seed ${SEED}) lose and double nothing`, async () => {
  const producing = produce();
  for (let n = 0; n < KILLS; n++) {
    await delay(PAUSES_MS[0] + draw() * (PAUSES_MS[1] - PAUSES_MS[0]));
    const service = KILLED[Math.floor(draw() * KILLED.length)];
    console.log(`# kill ${n + 1}: ${service}`);
    await kill(service);
  }
  const sent = await producing;
  assert.ok(sent >= EVENTS, `${sent} messages in the topic`);

  const lake = await until(
    `${sent} messages in the lake`,
    async () => {
      const now = await bronzeOf(await stack.lake());
      console.log(`# the lake has ${now.places} of ${sent}`);
      await delay(10_000);
      return now.places >= sent && now.counts.read >= sent ? now : undefined;
    },
    PATIENCE_MS,
  );
  assert.equal(lake.distinctPlaces, sent);
  assert.equal(lake.places, sent);
  const { read, accepted, ignored, rejected, duplicate } = lake.counts;
  assert.deepEqual(
    [read, accepted + ignored + rejected, duplicate],
    [sent, sent, 0],
  );
  assert.equal(accepted, lake.events.length);
  assert.equal(rejected + ignored, lake.quarantine.length);
  assert.equal(await stack.messagesIn('naap.dead-letters'), 0);
});
