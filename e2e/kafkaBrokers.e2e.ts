/**
 * Brokers that want TLS and a password, and one that moves, by the real command.
 *
 *     node --test e2e/kafkaBrokers.e2e.ts
 *
 * A Docker engine has to answer; `./naap test distributed` starts one.
 */
import { Kafka, logLevel } from 'kafkajs';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { lines, message } from './attack/payloads.ts';
import { Home } from './command.ts';
import { PASSWORD, SecuredBroker, USER } from './kafka/SecuredBroker.ts';
import { freePort, until } from './waiting.ts';

const TOPIC = 'network_events';
const MESSAGES = 20;
const PATIENCE_MS = 5 * 60_000;

const events = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    value: lines([
      message('stream_trace', Date.now(), 'gateway', {
        type: 'gateway_receive_stream_request',
        stream_id: `s${n}`,
        request_id: `r${n}`,
      }),
    ]).trim(),
  }));

const clientOf = (broker: string) =>
  new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING });

async function send(broker: string, count: number): Promise<void> {
  const producer = clientOf(broker).producer({ allowAutoTopicCreation: false });
  await producer.connect();
  await producer.send({ topic: TOPIC, messages: events(count) });
  await producer.disconnect();
}

/** Ids of what transactions left in naap.events, once there are `count`. */
async function rowsIn(at: string, count: number): Promise<string[]> {
  const kafka = clientOf(at);
  const ids: string[] = [];
  const admin = kafka.admin();
  await admin.connect();
  await until(
    'the topic naap.events',
    async () => (await admin.listTopics()).find(name => name === 'naap.events'),
    PATIENCE_MS,
  );
  await admin.disconnect();
  const consumer = kafka.consumer({ groupId: randomUUID() });
  await consumer.connect();
  await consumer.subscribe({ topics: ['naap.events'], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message: { value } }) => {
      ids.push(JSON.parse(String(value)).event_id);
    },
  });
  await until(
    `${count} rows in naap.events`,
    async () => (ids.length >= count ? ids : undefined),
    PATIENCE_MS,
  ).finally(() => consumer.disconnect());
  return ids;
}

let broker: SecuredBroker;
let home: Home;
before(async () => {
  broker = await SecuredBroker.start();
  home = await Home.create();
  const admin = clientOf(broker.open).admin();
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic: TOPIC, numPartitions: 2 }],
    waitForLeaders: true,
  });
  await admin.disconnect();
  await send(broker.open, MESSAGES);
});
after(async () => {
  await broker?.stop();
  await home?.remove();
});

describe('a broker that wants TLS and a password', () => {
  const ingest = (env: NodeJS.ProcessEnv, from = broker.secured) =>
    home.run(['ingest', '--kafka', from, '--topic', TOPIC], '', env);
  const whoAsks = () => ({
    NAAP_KAFKA_CA: broker.ca,
    NAAP_KAFKA_USERNAME: USER,
    NAAP_KAFKA_PASSWORD: PASSWORD,
  });

  for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512']) {
    test(`gives its messages to who is known by ${mechanism}`, async () => {
      const { code, stdout, stderr } = await ingest({
        ...whoAsks(),
        NAAP_KAFKA_MECHANISM: mechanism,
      });
      assert.equal(code, 0, stderr);
      assert.equal(JSON.parse(stdout).read, MESSAGES);
    });
  }

  test('says so where the password is another, and never prints it', async () => {
    const { code, stderr } = await ingest({
      ...whoAsks(),
      NAAP_KAFKA_PASSWORD: 'another-one',
    });
    assert.equal(code, 1);
    assert.match(stderr, /Authentication failed|Invalid username or password/i);
    assert.doesNotMatch(stderr, /another-one/);
  });

  test('says so where its certificate is of a stranger', async () => {
    const { code, stderr } = await ingest({
      ...whoAsks(),
      NAAP_KAFKA_CA: undefined,
      NAAP_KAFKA_TLS: '1',
    });
    assert.equal(code, 1);
    assert.match(stderr, /certificate/i);
  });

  test('says so where nobody speaks TLS to it', async () => {
    const { code, stderr } = await ingest({});
    assert.equal(code, 1);
    assert.match(stderr, /wants TLS/);
  });
});

describe('a broker that moves', () => {
  test('is followed by the gate, which loses and doubles nothing', async () => {
    const next = await freePort();
    const brokers = `${broker.open},127.0.0.1:${next}`;
    const gate = home.start(['gate', '--kafka', brokers, '--topics', 'mend']);
    let said = '';
    gate.stderr?.on('data', text => (said += text));
    try {
      const early = await rowsIn(broker.open, MESSAGES);
      assert.equal(early.length, MESSAGES);
      await broker.move(next);
      await send(broker.open, MESSAGES);
      const all = await rowsIn(broker.open, 2 * MESSAGES);
      assert.equal(all.length, 2 * MESSAGES);
      assert.equal(new Set(all).size, 2 * MESSAGES);
    } catch (error) {
      console.error(said);
      throw error;
    } finally {
      gate.kill();
      await once(gate, 'close');
    }
  });
});
