/**
 * Engines of a whole stack are killed at random while events flow: in the end the lake has each of them once, by its coordinates, and
 * what batches say adds up.
 *
 *     KILLS=30 EVENTS=200000 KILLS_SEED=1 node --test e2e/stackKills.e2e.ts
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { lines, message } from './attack/payloads.ts';
import { bronzeOf, drawsOf, Stack } from './stack.ts';
import { until } from './waiting.ts';

const KILLS = Number(process.env.KILLS ?? 30);
const EVENTS = Number(process.env.EVENTS ?? 200_000);
const SEED = Number(process.env.KILLS_SEED ?? Date.now() % 1_000_000);
const KILLED = ['gate', 'kafka', 'connect', 'hive-metastore', 's3'];
/** Between two kills, so that some hit a start and some a commit. */
const PAUSES_MS = [2_000, 20_000];
/** Whoever gets no further for so long has lost something, however busy the machine is. */
const PATIENCE_MS = 20 * 60_000;

const draw = drawsOf(SEED);
let stack: Stack;
before(async () => {
  stack = await Stack.up('hive');
});
after(() => stack?.down());

/** Events, with one in ten that is no message; answers how many there are in the topic. */
async function produce(): Promise<number> {
  const at = Date.now();
  const texts = Array.from({ length: EVENTS }, (_, n) => {
    if (n % 10 === 9) return `no message ${n}`;
    const event = message('stream_trace', at, 'gateway', {
      type: 'gateway_receive_stream_request',
      stream_id: `s${n}`,
      request_id: `r${n}`,
    });
    return lines([{ ...event, id: `kill-${n}` }]).trim();
  });
  const meanPauseMs = (PAUSES_MS[0] + PAUSES_MS[1]) / 2;
  await stack.send(texts, (KILLS * meanPauseMs * 100) / EVENTS);
  return stack.messagesIn('network_events');
}

test(`${KILLS} kills of engines (seed ${SEED}) lose and double nothing`, async () => {
  const producing = produce();
  for (let n = 0; n < KILLS; n++) {
    await delay(PAUSES_MS[0] + draw() * (PAUSES_MS[1] - PAUSES_MS[0]));
    const service = KILLED[Math.floor(draw() * KILLED.length)];
    console.log(`# kill ${n + 1}: ${service}`);
    await stack.kill(service, draw);
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
