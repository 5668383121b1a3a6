import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Admin, Producer } from 'kafkajs';
import {
  junkOf,
  paymentOf,
  readRows,
  temporaryHomes,
} from '../eventlog/__fixtures__/homes';
import { EventLog } from '../eventlog/EventLog';
import { testKafka } from './__testUtils__/broker';
import { KafkaSource, type KafkaSourceSettings } from './KafkaSource';
import { withAdmin } from './topics';

const newHome = temporaryHomes();

describe('a source of Kafka', () => {
  const kafka = testKafka();
  let admin: Admin;
  let producer: Producer;
  const running: Array<{ source: KafkaSource; log: EventLog }> = [];

  // The first who asks a new broker for a group waits for what it keeps of groups; a source would tell of that.
  beforeAll(() =>
    until(() =>
      withAdmin(kafka, one => one.fetchOffsets({ groupId: 'any' })).then(
        () => true,
        () => false,
      ),
    ),
  );

  // New ones: kafkajs asks for topics that are gone, and fails.
  beforeEach(async () => {
    admin = kafka.admin();
    producer = kafka.producer({ allowAutoTopicCreation: false });
    await Promise.all([admin.connect(), producer.connect()]);
  });

  afterEach(async () => {
    for (const { source, log } of running.splice(0)) {
      await source.stop();
      await log.close();
    }
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  });

  async function newTopic(numPartitions = 1): Promise<string> {
    const topic = `source-${randomUUID()}`;
    await makeTopic(topic, numPartitions);
    return topic;
  }

  async function makeTopic(
    topic: string,
    numPartitions = 1,
    config: Record<string, string> = { 'max.message.bytes': '4194304' },
  ): Promise<void> {
    const configEntries = Object.entries(config).map(([name, value]) => ({
      name,
      value,
    }));
    await admin.createTopics({
      topics: [{ topic, numPartitions, replicationFactor: 1, configEntries }],
      waitForLeaders: false,
    });
    const asked = { topics: [topic] };
    await until(() =>
      admin.fetchTopicMetadata(asked).then(
        () => true,
        () => false,
      ),
    );
  }

  const send = (topic: string, ...values: Array<string | Buffer | null>) =>
    producer.send({
      topic,
      messages: values.map((value, i) => ({
        key: `${i}`,
        value,
        partition: 0,
      })),
    });

  async function begin(
    home: string,
    topic: string,
    settings: Partial<KafkaSourceSettings> = {},
  ) {
    const log = await EventLog.open(home);
    const warnings: string[] = [];
    const source = new KafkaSource(
      testKafka(),
      log,
      { topics: [topic], group: topic, from: 'earliest', ...settings },
      { onWarning: warning => warnings.push(warning) },
    );
    source.start();
    running.push({ source, log });
    return { source, log, warnings };
  }

  async function end(): Promise<void> {
    const last = running.pop();
    await last?.source.stop();
    await last?.log.close();
  }

  async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await isSo())) await delay(50);
  }

  const readTo = (log: EventLog, topic: string, offset: bigint) =>
    until(() => log.sourcePositions.get(`${topic}/0`) === offset);

  const ids = async (home: string) =>
    (await readRows(home))
      .filter(row => row.class === 'accepted')
      .map(row => row.event_id);

  it('takes every record, also those that are no message, and tells the group after the log', async () => {
    const home = newHome();
    const topic = await newTopic();
    const large = Buffer.alloc(2 * 1024 * 1024, 'x');
    await send(
      topic,
      paymentOf('a'),
      null,
      junkOf(1, 0),
      large,
      paymentOf('b'),
    );
    const { log, source } = await begin(home, topic);
    await readTo(log, topic, 5n);
    const rows = await readRows(home);
    expect(
      rows
        .filter(row => row.class !== 'batch')
        .map(row => [row.class, row.reason, row.source_offset]),
    ).toEqual([
      ['accepted', null, 0n],
      ['rejected', 'not_json', 1n],
      ['rejected', 'not_json', 2n],
      ['rejected', 'too_large', 3n],
      ['accepted', null, 4n],
    ]);
    await until(async () => {
      const [of] = await admin.fetchOffsets({
        groupId: topic,
        topics: [topic],
      });
      return of.partitions[0].offset === '5';
    });
    await until(() => source.state.lag === 0);
    expect(source.state).toMatchObject({ alive: true, lastError: null });
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])(
    'reads what others have packed: %s',
    async codec => {
      const home = newHome();
      const topic = `source-${randomUUID()}`;
      // The broker packs it, with the libraries of Java.
      await makeTopic(topic, 1, { 'compression.type': codec });
      const sent = Array.from({ length: 2_000 }, (_, n) => `${codec} ${n}`);
      await send(topic, ...sent.map(id => paymentOf(id)));
      await readTo((await begin(home, topic)).log, topic, 2_000n);
      expect(await ids(home)).toEqual(sent);
    },
  );

  it('reads on where its log is, whatever the group says', async () => {
    const home = newHome();
    const topic = await newTopic();
    await send(topic, paymentOf('a'), paymentOf('b'));
    await readTo((await begin(home, topic)).log, topic, 2n);
    await end();
    // As after a crash between the log and the group.
    await admin.setOffsets({
      groupId: topic,
      topic,
      partitions: [{ partition: 0, offset: '0' }],
    });
    await send(topic, paymentOf('c'));
    const { log } = await begin(home, topic);
    await readTo(log, topic, 3n);
    const rows = await readRows(home);
    expect(
      rows.map(row => row.counts && JSON.parse(`${row.counts}`).read),
    ).toEqual([null, null, 2, null, 1]);
  });

  it('begins at a time, at the end, and in a partition that is added at its beginning', async () => {
    const topic = await newTopic();
    const at = (timestamp: number, id: string) => ({
      partition: 0,
      value: paymentOf(id),
      timestamp: `${timestamp}`,
    });
    const now = Date.now();
    await producer.send({ topic, messages: [at(now - 9_000, 'old')] });
    await producer.send({ topic, messages: [at(now, 'new')] });
    const homes = { time: newHome(), latest: newHome() };
    const byTime = await begin(homes.time, topic, {
      group: `${topic}-by-time`,
      from: now - 5_000,
    });
    const latest = await begin(homes.latest, topic, {
      group: `${topic}-latest`,
      from: 'latest',
    });
    await until(() => latest.source.state.alive && byTime.source.state.alive);
    await admin.createPartitions({
      topicPartitions: [{ topic, count: 2 }],
    });
    await send(topic, paymentOf('newest'));
    // Another one: a producer knows the partitions that there were.
    const later = kafka.producer({ allowAutoTopicCreation: false });
    await later.connect();
    await later.send({
      topic,
      messages: [{ partition: 1, value: paymentOf('added') }],
    });
    await later.disconnect();
    await until(async () => (await ids(homes.latest)).length === 2);
    await until(async () => (await ids(homes.time)).length === 3);
    expect((await ids(homes.latest)).sort()).toEqual(['added', 'newest']);
    expect((await ids(homes.time)).sort()).toEqual(['added', 'new', 'newest']);
  });

  it.each(['while it reads', 'while it does not'])(
    'says that a topic was deleted and made again, and reads the new one from its beginning: %s',
    async when => {
      const home = newHome();
      const topic = await newTopic();
      await send(topic, ...['a', 'b', 'c'].map(id => paymentOf(id)));
      let { log, warnings } = await begin(home, topic);
      await readTo(log, topic, 3n);
      if (when === 'while it does not') await end();
      await admin.deleteTopics({ topics: [topic] });
      if (when === 'while it reads') {
        await until(() => warnings.some(text => text.includes('No topic')));
      }
      await makeTopic(topic);
      await send(topic, paymentOf('d'));
      if (when === 'while it does not') {
        ({ log, warnings } = await begin(home, topic));
      }
      await readTo(log, topic, 1n);
      expect(await ids(home)).toEqual(['a', 'b', 'c', 'd']);
      expect(warnings.join()).toMatch(/deleted and made again/);
    },
  );

  it('says how much the broker removed before it was read', async () => {
    const home = newHome();
    const topic = await newTopic();
    await send(topic, paymentOf('a'));
    await readTo((await begin(home, topic)).log, topic, 1n);
    await end();
    await send(topic, ...['b', 'c', 'd'].map(id => paymentOf(id)));
    await admin.deleteTopicRecords({
      topic,
      partitions: [{ partition: 0, offset: '3' }],
    });
    const { log, warnings } = await begin(home, topic);
    await readTo(log, topic, 4n);
    expect(await ids(home)).toEqual(['a', 'd']);
    expect(warnings.join()).toMatch(/removed 2 offsets/);
  });

  it('passes what was rolled back and the markers of transactions', async () => {
    const home = newHome();
    const topic = await newTopic();
    const transactional = kafka.producer({
      transactionalId: topic,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await transactional.connect();
    for (const [id, ends] of [
      ['a', 'commit'],
      ['b', 'abort'],
      ['c', 'commit'],
    ] as const) {
      const transaction = await transactional.transaction();
      await transaction.send({ topic, messages: [{ value: paymentOf(id) }] });
      await transaction[ends]();
    }
    await transactional.disconnect();
    const { source } = await begin(home, topic);
    await until(() => source.state.lag === 0);
    expect(await ids(home)).toEqual(['a', 'c']);
  });
});
