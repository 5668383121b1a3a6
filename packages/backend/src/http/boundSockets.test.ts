import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { boundSockets } from './boundSockets';

const SHORT = { headersMs: 300, silenceMs: 300 };
const LONG = { headersMs: 20_000, silenceMs: 20_000 };

describe('boundSockets', () => {
  let server: Server;
  let client: Socket;

  async function listen(handler: RequestListener, limits = SHORT) {
    server = createServer({ connectionsCheckingInterval: 50 }, handler);
    boundSockets(server, limits);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => {});
    await once(client, 'connect');
  }
  /** All that came until the end of the connection. */
  async function toEnd(): Promise<string> {
    let text = '';
    client.on('data', data => {
      text += data;
    });
    await once(client, 'close');
    return text;
  }

  afterEach(() => {
    client?.destroy();
    server?.closeAllConnections();
    server?.close();
  });

  it('headers are due soon', async () => {
    await listen((_req, res) => res.end());
    client.write('GET / HTTP/1.1\r\nHost: localhost\r\n');
    const drip = setInterval(() => client.write('X-More: x\r\n'), 50);
    const text = await toEnd();
    clearInterval(drip);
    expect(text).not.toContain('200 OK');
  });

  it('a body takes the time that it needs as long as it comes', async () => {
    let bytes = 0;
    await listen((req, res) => {
      req.on('data', data => (bytes += data.length));
      req.on('end', () => res.end('all'));
    });
    client.write(
      'POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 20\r\n\r\n',
    );
    const text = toEnd();
    for (let i = 0; i < 20; i++) {
      client.write('x');
      await delay(50);
    }
    expect(await text).toMatch(/ 200 OK[^]*all/);
    expect(bytes).toBe(20);
  });

  it('who is silent amid a body is dropped', async () => {
    await listen(req => req.resume());
    client.write(
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\nx',
    );
    expect(await toEnd()).toBe('');
  });

  it('who asks again before he is answered is dropped, who does so after may stay', async () => {
    const left: string[] = [];
    await listen((req, res) => {
      res.once('close', () => left.push(req.url ?? ''));
      if (req.url === '/soon') res.end('soon');
    }, LONG);
    const ask = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
    for (let i = 0; i < 3; i++) {
      client.write(ask('/soon'));
      await once(client, 'data');
    }
    client.write(ask('/never').repeat(3));
    await toEnd();
    expect(left.slice(0, 4)).toEqual(['/soon', '/soon', '/soon', '/never']);
  });

  it('who waits for an answer may wait', async () => {
    await listen(async (_req, res) => {
      await delay(4 * SHORT.silenceMs);
      res.end('late');
    });
    client.write(
      'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    expect(await toEnd()).toMatch(/late/);
  });

  it('who does not read is dropped', async () => {
    const closed = new Promise<void>(resolve => {
      listen((_req, res) => {
        res.once('close', resolve);
        res.end(Buffer.alloc(64 * 2 ** 20));
      }).then(() => {
        client.pause();
        client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      });
    });
    await closed;
    expect(server.maxConnections).toBeGreaterThan(300);
  });

  it('who waits until more of a body is read is not silent', async () => {
    await listen(async (req, res) => {
      await delay(4 * SHORT.silenceMs);
      let bytes = 0;
      for await (const chunk of req) bytes += chunk.length;
      res.end(`all ${bytes}`);
    });
    const text = toEnd();
    client.write(
      'POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 8000000\r\n\r\n',
    );
    client.write(Buffer.alloc(8_000_000));
    expect(await text).toContain('all 8000000');
  });

  it('who comes when many do waits to be let in, and need not try again', async () => {
    server = createServer();
    const listening = jest.spyOn(server, 'listen');
    boundSockets(server, LONG);
    const ready = jest.fn();
    server.listen(0, '127.0.0.1', ready);
    await once(server, 'listening');
    expect(listening).toHaveBeenCalledWith(0, '127.0.0.1', 4_096, ready);
    expect(ready).toHaveBeenCalled();
  });

  it('no address takes the room of others', async () => {
    await listen((_req, res) => res.end(), LONG);
    const { port } = server.address() as AddressInfo;
    const open = async (localAddress: string) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress });
      socket.on('error', () => {});
      await once(socket, 'connect');
      return socket;
    };
    const many = await Promise.all(
      Array.from({ length: 1_100 }, () => open('127.0.0.2')),
    );
    client.write(
      'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    expect(await toEnd()).toContain('200 OK');
    many.forEach(socket => socket.destroy());
  });
});
