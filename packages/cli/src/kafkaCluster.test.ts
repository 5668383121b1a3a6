import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from './errors';
import { readKafkaCluster } from './kafkaCluster';

describe('readKafkaCluster', () => {
  let folder: string;
  let secret: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'naap-cluster-'));
    secret = join(folder, 'password');
    await writeFile(secret, 'p\n');
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('takes who asks from the environment, and the password from a file too', async () => {
    const env = {
      NAAP_KAFKA_USERNAME: 'u',
      NAAP_KAFKA_PASSWORD_FILE: secret,
      NAAP_KAFKA_MECHANISM: 'scram-sha-512',
      NAAP_KAFKA_TLS: '1',
    };
    expect(await readKafkaCluster('a:9092,b:9092', env)).toEqual({
      brokers: ['a:9092', 'b:9092'],
      ssl: true,
      sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
    });
  });

  it.each([
    ['here', {}, "--kafka is 'here'"],
    ['a:1', { NAAP_KAFKA_CA: '/none' }, "can't read /none"],
    ['a:1', { NAAP_KAFKA_USERNAME: 'u' }, 'needs NAAP_KAFKA_PASSWORD'],
    [
      'a:1',
      { NAAP_KAFKA_USERNAME: 'u', NAAP_KAFKA_MECHANISM: 'x' },
      'use plain, scram-sha-256',
    ],
  ])('says what is wrong: %s %j', async (brokers, env, message) => {
    const read = readKafkaCluster(brokers, env);
    await expect(read).rejects.toThrow(UsageError);
    await expect(read).rejects.toThrow(message);
  });
});
