import { UsageError } from './errors';
import { readKafkaTopic } from './kafka';

const options = { kafka: 'a:9092,b:9092', topic: 't', to: 'latest' };

it('reads brokers, a topic, a place by offset, time or end, and who asks from the environment', async () => {
  const env = { NAAP_KAFKA_USERNAME: 'u', NAAP_KAFKA_PASSWORD: 'p' };
  expect(await readKafkaTopic({ ...options, from: '12' }, env)).toEqual({
    settings: {
      brokers: ['a:9092', 'b:9092'],
      ssl: undefined,
      sasl: { mechanism: 'plain', username: 'u', password: 'p' },
    },
    range: { topic: 't', from: { offset: 12n }, to: 'latest' },
  });
  const from = '2026-01-09T00:00:00Z';
  expect(await readKafkaTopic({ ...options, from }, {})).toMatchObject({
    range: { from: { time: Date.UTC(2026, 0, 9) } },
  });
});

it.each([
  [{ ...options, from: 'soon' }, {}, "--from is 'soon'"],
  [{ ...options, topic: undefined, from: '0' }, {}, '--kafka needs --topic'],
  [{ ...options, kafka: 'here', from: '0' }, {}, "--kafka is 'here'"],
  [{ ...options, from: '0' }, { NAAP_KAFKA_CA: '/none' }, "can't read /none"],
])('says what is wrong: %j', async (given, env, message) => {
  const read = readKafkaTopic(given, env);
  await expect(read).rejects.toThrow(UsageError);
  await expect(read).rejects.toThrow(message);
});
