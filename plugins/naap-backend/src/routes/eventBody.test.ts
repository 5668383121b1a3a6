import { mockErrorHandler } from '@backstage/backend-test-utils';
import express from 'express';
import { once } from 'node:events';
import { createServer, request as httpRequest, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { eventBody } from './eventBody';

const LIMIT = 100_000;

/** A server that reads whole bodies and remembers how each ended. */
async function serve() {
  const ends: string[] = [];
  const ended = Promise.withResolvers<void>();
  const app = express();
  app.post('/', async (req, res, next) => {
    let bytes = 0;
    try {
      for await (const chunk of eventBody(req, LIMIT)) bytes += chunk.length;
      ends.push(`read ${bytes}`);
      res.json({ bytes });
    } catch (error) {
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

describe('eventBody', () => {
  let server: Server;
  afterEach(() => server.close());

  it('ends with 413 over the limit, before and after decompression', async () => {
    const served = await serve();
    server = served.server;
    const send = (body: Buffer, encoding?: string) => {
      const post = request(server).post('/').type('application/octet-stream');
      if (encoding) post.set('content-encoding', encoding);
      return post
        .serialize(bytes => bytes as unknown as string)
        .send(body as unknown as string);
    };
    await send(Buffer.alloc(LIMIT)).expect(200, { bytes: LIMIT });
    const plain = await send(Buffer.alloc(LIMIT + 1)).expect(413);
    expect(plain.body.error.message).toContain('100000 bytes');
    const zipped = gzipSync(Buffer.alloc(50 * LIMIT));
    expect(zipped.length).toBeLessThan(LIMIT);
    const bomb = await send(zipped, 'gzip').expect(413);
    expect(bomb.body.error.name).toBe('PayloadTooLargeError');
  });

  it('fails when the client breaks off, instead of taking the part for the whole', async () => {
    const served = await serve();
    server = served.server;
    const { port } = server.address() as AddressInfo;
    const client = httpRequest({ port, host: '127.0.0.1', method: 'POST' });
    client.on('error', () => {});
    client.setHeader('content-length', 1_000);
    client.write('{"id":"a"}\n{"id":');
    await once(server, 'request');
    client.destroy();
    await served.ended;
    expect(served.ends).toEqual([
      'InputError: The client broke off the request',
    ]);
  });

  it('fails for a gzip that ends early', async () => {
    const served = await serve();
    server = served.server;
    const whole = gzipSync(Buffer.from('{"id":"a"}\n'.repeat(100)));
    const { body } = await request(server)
      .post('/')
      .type('application/x-ndjson')
      .set('content-encoding', 'gzip')
      .serialize(bytes => bytes as unknown as string)
      .send(whole.subarray(0, -10) as unknown as string)
      .expect(400);
    expect(body.error.message).toContain('no valid gzip');
  });
});
