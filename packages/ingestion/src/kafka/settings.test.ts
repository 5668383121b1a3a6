import { readKafkaSettings, readKafkaSourceSettings } from './settings';

const brokers = ['kafka.example:9093'];
const topics = ['network_events'];

it('reads a cluster with TLS by an own CA and a password', () => {
  const sasl = { mechanism: 'scram-sha-512', username: 'u', password: 'p' };
  const ssl = { ca: 'PEM', servername: 'kafka' };
  expect(readKafkaSettings({ brokers, topics, ssl, sasl })).toEqual({
    brokers,
    ssl,
    sasl,
  });
  expect(readKafkaSettings({ brokers, ssl: true })).toEqual({
    brokers,
    ssl: true,
  });
});

it('reads topics from their beginning as the group naap, unless it is said', () => {
  expect(readKafkaSourceSettings({ brokers, topics })).toEqual({
    topics,
    group: 'naap',
    from: 'earliest',
  });
  const from = '2026-01-09T12:00:00Z';
  expect(readKafkaSourceSettings({ topics, group: 'mine', from })).toEqual({
    topics,
    group: 'mine',
    from: Date.UTC(2026, 0, 9, 12),
  });
});

it.each([
  [{}, 'naap.ingestion.kafka.brokers: use a list'],
  [{ brokers: ['http://kafka:9092'] }, 'brokers: use a list'],
  [{ brokers, topics: [] }, 'topics: use a list such as [network_events]'],
  [{ brokers, topics: ['a b'] }, 'topics: use a list'],
  [{ brokers, topics, from: 'soon' }, "from: is 'soon'; use earliest"],
  [{ brokers, topics, ssl: { ca: '' } }, 'ssl.ca: use a text'],
  [{ brokers, topics, sasl: { mechanism: 'gssapi' } }, 'sasl.mechanism: use'],
])('says what is wrong with %j', (config, message) => {
  expect(() => [
    readKafkaSettings(config),
    readKafkaSourceSettings(config),
  ]).toThrow(message);
});
