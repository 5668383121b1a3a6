import type { Kafka, Message, SeekEntry } from 'kafkajs';
import {
  endsOf,
  freshName,
  makeTopic,
  readTopic,
  testKafka,
} from '../__testUtils__/broker';
import {
  BATCHES_TOPIC,
  EVENTS_TOPIC,
  mendTopics,
  QUARANTINE_TOPIC,
  TOPICS,
  withAdmin,
} from '../topics';
import { KafkaGate, KafkaGateError } from './KafkaGate';

interface Row {
  event_id?: string;
  reason?: string;
  raw?: string;
  raw_length?: number;
  read?: number;
  source_topic: string;
  source_partition: number;
  source_offset: number;
  source_next_offset?: number;
}

const event = (id: string) =>
  JSON.stringify({
    id,
    type: 'stream_trace',
    timestamp: String(Date.now()),
    data: {
      type: 'gateway_receive_stream_request',
      request_id: 'r',
      stream_id: 's',
    },
  });

describe('KafkaGate', () => {
  const gates: KafkaGate[] = [];
  let kafka: Kafka;
  let topic: string;
  let group: string;
  const warnings: string[] = [];
  const since = new Map<string, SeekEntry[]>();

  async function startGate(): Promise<KafkaGate> {
    const gate = new KafkaGate(
      kafka,
      { topics: [topic], group },
      { warn: message => warnings.push(message) },
    );
    gates.push(gate);
    await gate.start();
    return gate;
  }

  async function produce(messages: Message[]): Promise<void> {
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic, messages });
    await producer.disconnect();
  }

  /** Rows that came of the topic. */
  function rowsOf(out: string, count: number): Promise<Row[]> {
    const ours = (rows: readonly Row[]) =>
      rows.filter(row => row.source_topic === topic);
    return readTopic<Row>(
      kafka,
      out,
      since.get(out) ?? [],
      rows => ours(rows).length >= count,
    ).then(rows => ours(rows));
  }

  async function batchesOf(read: number): Promise<Row[]> {
    const sum = (rows: readonly Row[]) =>
      rows
        .filter(row => row.source_topic === topic)
        .reduce((n, row) => n + (row.read ?? 0), 0);
    const rows = await readTopic<Row>(
      kafka,
      BATCHES_TOPIC,
      since.get(BATCHES_TOPIC) ?? [],
      all => sum(all) >= read,
    );
    return rows.filter(row => row.source_topic === topic);
  }

  beforeAll(async () => {
    kafka = testKafka();
    await withAdmin(kafka, admin => mendTopics(admin, TOPICS));
  });

  beforeEach(async () => {
    topic = freshName('source');
    group = freshName('gate');
    warnings.length = 0;
    for (const out of [EVENTS_TOPIC, QUARANTINE_TOPIC, BATCHES_TOPIC]) {
      since.set(out, await endsOf(kafka, out));
    }
    await makeTopic(kafka, topic, 2, { 'max.message.bytes': '4194304' });
  });

  afterEach(async () => {
    await Promise.all(gates.splice(0).map(gate => gate.stop()));
  });

  it('writes each message to where its class belongs, with the place where it came from', async () => {
    await produce([
      { value: event('a'), partition: 0 },
      { value: 'oops', partition: 0 },
      { value: null, partition: 0 },
      { value: 'x'.repeat(2 * 1024 * 1024), partition: 0 },
      { value: event('b'), partition: 0 },
      { value: event('c'), partition: 1 },
    ]);
    await startGate();
    const events = await rowsOf(EVENTS_TOPIC, 3);
    expect(
      events
        .map(row => [row.event_id, row.source_partition, row.source_offset])
        .sort(),
    ).toEqual([
      ['a', 0, 0],
      ['b', 0, 4],
      ['c', 1, 0],
    ]);
    const quarantine = await rowsOf(QUARANTINE_TOPIC, 3);
    expect(
      quarantine.map(row => [row.source_offset, row.reason, row.raw_length]),
    ).toEqual([
      [1, 'not_json', 4],
      [2, 'not_json', 0],
      [3, 'too_large', 2 * 1024 * 1024],
    ]);
    expect(Buffer.from(quarantine[0].raw ?? '', 'base64').toString()).toBe(
      'oops',
    );
    const batches = await batchesOf(6);
    expect(batches.reduce((n, row) => n + (row.read ?? 0), 0)).toBe(6);
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])(
    'reads batches that the broker keeps as %s',
    async codec => {
      topic = freshName(codec);
      await makeTopic(kafka, topic, 1, { 'compression.type': codec });
      await produce(
        Array.from({ length: 500 }, (_, i) => ({ value: event(`${i}`) })),
      );
      await startGate();
      const events = await rowsOf(EVENTS_TOPIC, 500);
      expect(events.map(row => row.event_id)).toEqual(
        Array.from({ length: 500 }, (_, i) => `${i}`),
      );
    },
  );

  it('loses and doubles nothing, and keeps the order, while replicas come and go', async () => {
    const TOTAL = 6_000;
    const messages = Array.from({ length: TOTAL }, (_, i) => ({
      value: event(`${i}`),
      partition: i % 2,
    }));
    const first = await startGate();
    for (let at = 0; at < TOTAL; at += 1_000) {
      await produce(messages.slice(at, at + 1_000));
      if (at === 1_000) await startGate();
      if (at === 3_000) await first.stop().then(() => gates.splice(0, 1));
    }
    const events = await rowsOf(EVENTS_TOPIC, TOTAL);
    await batchesOf(TOTAL);
    for (const partition of [0, 1]) {
      expect(
        events
          .filter(row => row.source_partition === partition)
          .map(row => row.source_offset),
      ).toEqual(Array.from({ length: TOTAL / 2 }, (_, i) => i));
    }
    expect(
      (await batchesOf(TOTAL)).reduce((n, row) => n + (row.read ?? 0), 0),
    ).toBe(TOTAL);
  });

  it('reads a topic that was deleted and made again from its beginning, and says so', async () => {
    await produce([
      { value: event('old 1'), partition: 0 },
      { value: event('old 2'), partition: 0 },
    ]);
    await startGate();
    await rowsOf(EVENTS_TOPIC, 2);
    await withAdmin(kafka, admin => admin.deleteTopics({ topics: [topic] }));
    await makeTopic(kafka, topic, 2);
    await produce([{ value: event('new'), partition: 0 }]);
    const events = await rowsOf(EVENTS_TOPIC, 3);
    expect(events.map(row => row.event_id)).toEqual(['old 1', 'old 2', 'new']);
    expect(warnings.join()).toContain('made again');
  });

  it('says which topics are missing', async () => {
    topic = freshName('missing');
    await expect(startGate()).rejects.toThrow(KafkaGateError);
  });
});
