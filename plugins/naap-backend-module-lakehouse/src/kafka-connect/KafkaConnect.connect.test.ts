import { mockServices } from '@backstage/backend-test-utils';
import {
  connectKafka,
  type DeadLetters,
  readDeadLetters,
  topicRanges,
  withAdmin,
} from '@naap/ingestion';
import {
  applyConnectors,
  ConnectClient,
  connectorDrift,
  type DeclaredConnector,
  type LakeSettings,
  readConnectors,
} from '@naap/lakehouse';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { KafkaConnect } from './KafkaConnect';

/**
 * Against a real Kafka Connect, whose cluster has the platform's tables: `NAAP_TEST_CONNECT` is its URL, `NAAP_TEST_KAFKA`
 * the broker. It makes topics and a connector of its own, and takes the connector away again.
 */
function given(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(
      'these tests need Kafka Connect and its broker: NAAP_TEST_CONNECT=http://host:port NAAP_TEST_KAFKA=host:port ./naap test distributed',
    );
  }
  return value;
}

const kafka = connectKafka({ brokers: [given('NAAP_TEST_KAFKA')] });
const url = given('NAAP_TEST_CONNECT');
const client = new ConnectClient(url);
const id = randomUUID();
const name = `test-${id}`;
const topics = ['rows', 'control', 'dead'].map(what => `test.${what}.${id}`);
const [rows, control, dead] = topics;

/** Looks again until it is so; what it is not then, is in the message of the test that ends. */
async function until<T>(
  look: () => Promise<T>,
  isSo: (seen: T) => boolean,
): Promise<T> {
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    await delay(500);
  }
}

async function send(...values: (string | null)[]) {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({
    topic: rows,
    messages: values.map(value => ({ value })),
  });
  await producer.disconnect();
}

describe('a connector of a real Kafka Connect', () => {
  let declared: DeclaredConnector[];
  let connect: KafkaConnect;

  const deadLetters = (limit: number): Promise<DeadLetters> =>
    readDeadLetters(kafka, limit, dead);
  const seen = async () => (await client.status(name))?.tasks[0]?.state;

  beforeAll(async () => {
    const catalog = (process.env.NAAP_LAKE_CATALOG ??
      'hive') as LakeSettings['catalog'];
    const quarantine = (await readConnectors(catalog)).find(
      one => one.name === 'bronze-quarantine',
    )!;
    declared = [
      {
        name,
        config: {
          ...quarantine.config,
          topics: rows,
          'iceberg.control.topic': control,
          'errors.deadletterqueue.topic.name': dead,
        },
      },
    ];
    connect = new KafkaConnect({
      client,
      declared,
      topics: { ranges: asked => topicRanges(kafka, asked), deadLetters },
      logger: mockServices.logger.mock(),
    });
    await withAdmin(kafka, admin =>
      admin.createTopics({
        topics: topics.map(topic => ({ topic })),
        waitForLeaders: true,
      }),
    );
  });

  afterAll(async () => {
    await fetch(`${url}/connectors/${name}`, { method: 'DELETE' });
    await withAdmin(kafka, admin => admin.deleteTopics({ topics }));
  });

  it('is made once, and changed back where it differs', async () => {
    expect(await connectorDrift(client, declared)).toMatchObject([
      { connector: name, what: 'connector' },
    ]);
    await applyConnectors(client, declared);
    expect(await applyConnectors(client, declared)).toEqual([]);
    await client.configure(name, {
      ...declared[0].config,
      'iceberg.control.commit.interval-ms': '1000',
    });
    expect(await applyConnectors(client, declared)).toEqual([
      {
        connector: name,
        what: 'iceberg.control.commit.interval-ms',
        is: '1000',
        should: '20000',
      },
    ]);
    await until(seen, state => state === 'RUNNING');
  });

  it('is paused and goes on', async () => {
    await connect.change(name, 'pause');
    await until(seen, state => state === 'PAUSED');
    expect((await connect.list()).rows).toMatchObject([{ state: 'paused' }]);
    await connect.change(name, 'resume');
    await until(seen, state => state === 'RUNNING');
    await connect.change(name, 'restart');
    await until(seen, state => state === 'RUNNING');
    await expect(connect.change('other', 'pause')).rejects.toThrow(
      `There is no connector 'other'`,
    );
  });

  it('puts what it cannot read aside, with the reason, and goes on', async () => {
    expect(await deadLetters(10)).toEqual({ total: 0, letters: [] });
    await send('no JSON', '[1]', null, '{"seen_at": "yesterday"}');
    const { letters } = await until(
      () => deadLetters(10),
      ({ total }) => total >= 3,
    );
    expect(
      letters.map(({ source, stage, head }) => [
        source?.topic,
        source?.offset,
        stage,
        `${head}`,
      ]),
    ).toEqual([
      [rows, 3n, 'TRANSFORMATION', '{"seen_at": "yesterday"}'],
      [rows, 1n, 'TRANSFORMATION', '[1]'],
      [rows, 0n, 'VALUE_CONVERTER', 'no JSON'],
    ]);
    expect(letters[0]).toMatchObject({
      connector: name,
      error: 'org.apache.kafka.connect.errors.DataException',
    });
    const list = await connect.list();
    expect(list).toMatchObject({ deadLetters: 3, problems: [] });
    expect(list.rows).toMatchObject([{ state: 'running', error: null }]);
    expect((await deadLetters(1)).letters).toHaveLength(1);
  });

  it('that fails says why, and is started anew', async () => {
    await send('{"raw": "no base64!"}');
    const { rows: failed } = await until(
      () => connect.list(),
      ({ rows: [row] }) => row.state === 'failed',
    );
    expect(failed).toMatchObject([
      { error: expect.stringContaining('base64'), drift: [] },
    ]);
    const restart = jest.spyOn(client, 'restart');
    await connect.keep();
    await connect.keep();
    expect(restart.mock.calls).toEqual([[name, { onlyFailed: true }]]);
    await until(seen, state => state !== undefined);
  });
});
