import { tmpdir } from 'node:os';
import { Compose, ComposeError, containersOf, servicesOf } from './Compose';

it('reads services: whose image is made here, and which only do something and end, and leaves out what is not wanted', () => {
  const config = {
    services: {
      kafka: { image: 'apache/kafka:4.3.1', restart: 'unless-stopped' },
      connect: {
        image: 'naap/connect:4.3.1',
        build: { context: '/deploy/connect', dockerfile: 'Dockerfile' },
        restart: 'unless-stopped',
      },
      's3-bucket': { image: 'minio/minio', restart: 'no' },
      'trino-worker': {
        image: 'trinodb/trino:476',
        restart: 'unless-stopped',
        scale: 0,
      },
    },
  };
  expect(servicesOf(JSON.stringify(config))).toEqual([
    { name: 'kafka', context: null, isOnce: false },
    { name: 'connect', context: '/deploy/connect', isOnce: false },
    { name: 's3-bucket', context: null, isOnce: true },
  ]);
});

it('reads containers, with the ports that this machine has of them', () => {
  const kafka = {
    Service: 'kafka',
    State: 'running',
    Health: 'healthy',
    ExitCode: 0,
    Publishers: [
      { URL: '', TargetPort: 9092, PublishedPort: 0 },
      { URL: '127.0.0.1', TargetPort: 9094, PublishedPort: 19094 },
    ],
  };
  const bucket = { ...kafka, Service: 's3-bucket', Publishers: null };
  const lines = [kafka, bucket].map(one => `${JSON.stringify(one)}\n`);
  expect(containersOf(lines.join(''))).toEqual([
    {
      service: 'kafka',
      state: 'running',
      health: 'healthy',
      exitCode: 0,
      addresses: ['127.0.0.1:19094'],
    },
    expect.objectContaining({ service: 's3-bucket', addresses: [] }),
  ]);
  expect(containersOf('')).toEqual([]);
});

it('says what a program said last when it fails, or that it is not there', async () => {
  const compose = new Compose(tmpdir(), { WORD: 'late' });
  expect(await compose.script('sh', '-c', 'printf $WORD')).toBe('late');
  const failing = compose.script('sh', '-c', 'echo too $WORD >&2; exit 3');
  await expect(failing).rejects.toThrow(/ended with 3:\ntoo late$/);
  await expect(compose.script('naap-no-such-program')).rejects.toThrow(
    ComposeError,
  );
});
