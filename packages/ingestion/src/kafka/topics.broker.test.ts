import { CompressionTypes, type Kafka } from 'kafkajs';
import { freshName, makeTopic, testKafka } from './__testUtils__/broker';
import {
  type DeclaredTopic,
  mendTopics,
  topicDrift,
  withAdmin,
} from './topics';
import { topicOffsets } from './offsets';

describe('declared topics', () => {
  let kafka: Kafka;
  let declared: DeclaredTopic;

  beforeEach(() => {
    kafka = testKafka();
    declared = {
      name: freshName('declared'),
      partitions: 3,
      config: { 'retention.ms': '86400000', 'cleanup.policy': 'delete' },
    };
  });

  it('are told when they are missing, and made', async () => {
    await withAdmin(kafka, async admin => {
      expect(await topicDrift(admin, [declared])).toMatchObject([
        { topic: declared.name, what: 'topic', is: null },
      ]);
      await mendTopics(admin, [declared]);
      expect(await topicDrift(admin, [declared])).toEqual([]);
      expect(await mendTopics(admin, [declared])).toEqual([]);
    });
  });

  it('are mended where they differ, and keep what they hold', async () => {
    const { name } = declared;
    await makeTopic(kafka, name, 2, { 'retention.ms': '1000000' });
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({
      topic: name,
      messages: [{ value: 'a', partition: 0 }],
      compression: CompressionTypes.GZIP,
    });
    await producer.disconnect();
    await withAdmin(kafka, async admin => {
      expect(await topicDrift(admin, [declared])).toMatchObject([
        { what: 'partitions', is: '2', should: '3', canBeMended: true },
        { what: 'retention.ms', is: '1000000', should: '86400000' },
      ]);
      expect(await mendTopics(admin, [declared])).toHaveLength(2);
      expect(await topicDrift(admin, [declared])).toEqual([]);
      const ends = await topicOffsets(admin, name);
      expect(ends.reduce((sum, { high }) => sum + Number(high), 0)).toBe(1);
    });
  });

  it('are told, and left, where there are more partitions than declared', async () => {
    await makeTopic(kafka, declared.name, 4, declared.config);
    await withAdmin(kafka, async admin => {
      expect(await mendTopics(admin, [declared])).toEqual([]);
      expect(await topicDrift(admin, [declared])).toMatchObject([
        { what: 'partitions', is: '4', canBeMended: false },
      ]);
    });
  });
});
