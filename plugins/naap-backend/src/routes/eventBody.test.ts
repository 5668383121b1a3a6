import { mockErrorHandler } from '@backstage/backend-test-utils';
import express from 'express';
import { once } from 'node:events';
import {
  ClientRequest,
  createServer,
  IncomingMessage,
  request as httpRequest,
  Server,
} from 'node:http';
import { AddressInfo, connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { eventBody, letEnd } from './eventBody';

const IDLE_MS = 300;

/** A server that reads bodies, at most `MOST` bytes of each, and remembers how they ended. */
async function serve(most = Infinity) {
  const ends: string[] = [];
  const ended = Promise.withResolvers<void>();
  const app = express();
  app.post('/', async (req, res, next) => {
    let bytes = 0;
    try {
      for await (const chunk of eventBody(req, IDLE_MS)) {
        bytes += chunk.length;
        if (bytes > most) throw new Error('too much');
      }
      ends.push(`read ${bytes}`);
      res.json({ bytes });
    } catch (error) {
      req.resume();
      res.set('Connection', 'close');
      ends.push(`${error}`);
      next(error);
    } finally {
      ended.resolve();
    }
  });
  app.use(mockErrorHandler());
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, ends, ended: ended.promise };
}

function post(server: Server): ClientRequest {
  const { port } = server.address() as AddressInfo;
  const client = httpRequest({ port, host: '127.0.0.1', method: 'POST' });
  client.on('error', () => {});
  return client;
}

async function statusOf(client: ClientRequest): Promise<number | undefined> {
  const [response] = (await once(client, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

it('reads on as long as something comes, however long that takes', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  try {
    const req = new PassThrough();
    const chunks = eventBody(req as unknown as IncomingMessage, 60_000);
    for (let minutes = 0; minutes < 30; minutes++) {
      const next = chunks.next();
      await jest.advanceTimersByTimeAsync(59_000);
      req.write('x');
      expect(await next).toMatchObject({ done: false });
    }
    // While nobody asks for more it is not the client that is slow.
    await jest.advanceTimersByTimeAsync(600_000);
    const failed = chunks.next().catch(error => error);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await failed).toMatchObject({ statusCode: 408 });
  } finally {
    jest.useRealTimers();
  }
});

describe('eventBody', () => {
  let server: Server;
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('ends with 408, which the client hears, when nothing comes', async () => {
    const served = await serve();
    server = served.server;
    const client = post(server);
    client.write('{"id":"a"}\n{"id":');
    expect(await statusOf(client)).toBe(408);
    expect(served.ends).toEqual([
      expect.stringContaining('Nothing came for 0.3 s'),
    ]);
  });

  it('leaves the connection open for the answer to a body that is not wanted', async () => {
    const served = await serve(100);
    server = served.server;
    const client = post(server);
    client.end(Buffer.alloc(2_000_000));
    expect(await statusOf(client)).toBe(500);
    expect(served.ends).toEqual(['Error: too much']);
  });

  it('leaves the connection to the next request, whoever still holds the body', async () => {
    const app = express();
    app.post('/', async (req, res) => {
      const body = eventBody(req);
      await body.next();
      letEnd(req, res);
      res.status(413).end();
      await setImmediate();
      await body.return(undefined);
    });
    app.get('/', (_req, res) => res.end());
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = connect(port, '127.0.0.1');
    const body = Buffer.alloc(2_000_000);
    client.write(
      `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    client.write(body);
    client.write(
      'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    const answers = (await buffer(client)).toString();
    expect(answers.match(/HTTP\/1.1 \d+/g)).toEqual([
      'HTTP/1.1 413',
      'HTTP/1.1 200',
    ]);
  });

  it('fails when the client breaks off, instead of taking the part for the whole', async () => {
    const served = await serve();
    server = served.server;
    const client = post(server);
    client.setHeader('content-length', 1_000);
    client.write('{"id":"a"}\n{"id":');
    await once(server, 'request');
    client.destroy();
    await served.ended;
    expect(served.ends).toEqual([
      'InputError: The client broke off the request',
    ]);
  });
});
