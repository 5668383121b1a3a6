import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectClient, ConnectError } from './ConnectClient';

/** Stands for Connect where only its answers matter; ConnectClient.connect.test.ts asks a real one. */
interface Answer {
  status: number;
  body?: unknown;
}

describe('ConnectClient', () => {
  let server: Server;
  let asked: string[];
  let answers: Answer[];
  let client: ConnectClient;

  beforeEach(async () => {
    asked = [];
    answers = [];
    server = createServer((req, res) => {
      asked.push(`${req.method} ${req.url}`);
      const { status, body } = answers.shift() ?? { status: 204 };
      res.writeHead(status).end(body === undefined ? '' : JSON.stringify(body));
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    client = new ConnectClient(`http://127.0.0.1:${port}/`);
  });
  afterEach(() => {
    server.close();
  });

  it('asks again while the workers agree anew on who runs what', async () => {
    answers = [{ status: 409, body: { message: 'rebalance' } }];
    await client.pause('bronze-events');
    expect(asked).toEqual([
      'PUT /connectors/bronze-events/pause',
      'PUT /connectors/bronze-events/pause',
    ]);
  });

  it('asks again for what a rebalance that is expected hides', async () => {
    answers = [
      {
        status: 500,
        body: { message: 'a rebalance is expected' },
      },
      { status: 200, body: { name: 'bronze-events' } },
    ];
    expect(await client.config('bronze-events')).toEqual({
      name: 'bronze-events',
    });
    expect(asked).toHaveLength(2);
  });

  it('tells what Connect says, and by which status', async () => {
    answers = [{ status: 400, body: { message: 'Invalid value' } }];
    const failure = client.configure('bronze-events', { name: 'x', a: '1' });
    await expect(failure).rejects.toThrow(
      'Kafka Connect answers 400 to PUT /connectors/bronze-events/config: Invalid value',
    );
    await expect(failure).rejects.toMatchObject({ status: 400 });
  });

  it('has nothing of a connector that there is none of', async () => {
    answers = Array(3).fill({ status: 404, body: { message: 'not found' } });
    expect(await client.config('none')).toBeNull();
    expect(await client.status('none')).toBeNull();
    expect(await client.offsets('none')).toEqual([]);
  });

  it('writes no name into a path as it is', async () => {
    await client.restart('../connectors?', { onlyFailed: true });
    expect(asked).toEqual([
      'POST /connectors/..%2Fconnectors%3F/restart?includeTasks=true&onlyFailed=true',
    ]);
  });

  it('says where it has looked for Connect when nobody answers', async () => {
    server.close();
    const failure = client.config('bronze-events');
    await expect(failure).rejects.toThrow(ConnectError);
    await expect(failure).rejects.toThrow(/127\.0\.0\.1:\d+ can't be reached/);
  });
});
