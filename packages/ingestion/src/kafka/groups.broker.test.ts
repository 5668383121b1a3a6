import type { Kafka } from 'kafkajs';
import { freshName, makeTopic, testKafka } from './__testUtils__/broker';
import { beginGroups, groupDrift, type Reader } from './groups';
import { withAdmin } from './topics';

describe('a group that nobody has committed for', () => {
  let kafka: Kafka;
  let reader: Reader;

  beforeEach(async () => {
    kafka = testKafka();
    reader = { group: freshName('group'), topic: freshName('begun') };
    await makeTopic(kafka, reader.topic, 2);
    const producer = kafka.producer();
    await producer.connect();
    const messages = [0, 1].map(partition => ({ value: 'before', partition }));
    await producer.send({ topic: reader.topic, messages });
    await producer.disconnect();
  });

  it('begins at the beginning, also where its members would at the end', async () => {
    await withAdmin(kafka, async admin => {
      expect(await groupDrift(admin, [reader])).toMatchObject([reader]);
      expect(await beginGroups(admin, [reader])).toMatchObject([reader]);
      expect(await groupDrift(admin, [reader])).toEqual([]);
    });
    const { group, topic } = reader;
    const consumer = kafka.consumer({ groupId: group });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: false });
    const seen: string[] = [];
    await new Promise<void>(resolve => {
      void consumer.run({
        eachMessage: async ({ message }) => {
          seen.push(String(message.value));
          if (seen.length === 2) resolve();
        },
      });
    });
    await consumer.disconnect();
    expect(seen).toEqual(['before', 'before']);
  });

  it('stays where it is once it has come somewhere', async () => {
    await withAdmin(kafka, async admin => {
      const { group, topic } = reader;
      const partitions = [0, 1].map(partition => ({ partition, offset: '1' }));
      await admin.setOffsets({ groupId: group, topic, partitions });
      expect(await beginGroups(admin, [reader])).toEqual([]);
      const [found] = await admin.fetchOffsets({
        groupId: group,
        topics: [topic],
      });
      expect(found.partitions.map(({ offset }) => offset)).toEqual(['1', '1']);
    });
  });
});
