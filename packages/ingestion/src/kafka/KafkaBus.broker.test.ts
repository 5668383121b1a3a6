import type { Kafka } from 'kafkajs';
import { Readable } from 'node:stream';
import { eventBusContract } from '../testing/eventBusContract';
import { freshName, makeTopic, testKafka } from './__testUtils__/broker';
import { KafkaBus } from './KafkaBus';

describe('KafkaBus', () => {
  let kafka: Kafka;
  let topic: string;
  let bus: KafkaBus;

  beforeEach(async () => {
    kafka = testKafka();
    topic = freshName('bus');
    await makeTopic(kafka, topic, 3);
    bus = await KafkaBus.open(kafka, topic);
  });

  afterEach(() => bus.close());

  eventBusContract(async () => ({ bus, refuse: () => bus.close() }));

  it('sends more than one request may hold', async () => {
    const line = `${'x'.repeat(1000)}\n`;
    const { read } = await bus.publish(
      Readable.from([Buffer.from(line.repeat(5_000))]),
      'sea',
    );
    expect(read).toBe(5_000);
    const ends = [...(await bus.positions()).values()];
    expect(ends.reduce((sum, end) => sum + end, 0n)).toBe(5_000n);
  });

  it('makes no topic that is not there', async () => {
    const other = await KafkaBus.open(kafka, freshName('missing'));
    await expect(other.check()).rejects.toThrow();
    await other.close();
  });
});
