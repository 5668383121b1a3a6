import express from 'express';
import { once } from 'node:events';
import { AddressInfo, connect } from 'node:net';
import request from 'supertest';
import { sendAnswer } from './sendAnswer';

describe('sendAnswer', () => {
  const rows = [{ name: '</script>\u2028"\\', n: null }];
  const app = (answer: { rows: object[] }) =>
    express().get('/', (_req, res) => sendAnswer(res, answer));

  it.each([{ rows }, { meta: { a: 1 }, total: 3, rows }, { rows: [] }])(
    'is the JSON of %j',
    async answer => {
      const { body, headers } = await request(app(answer)).get('/').expect(200);
      expect(body).toEqual(answer);
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
      expect(headers).not.toHaveProperty('etag');
    },
  );

  it.each([
    ['gzip, deflate, br', 'gzip'],
    ['gzip;q=0', undefined],
    ['identity', undefined],
  ])('to who accepts %s comes as %s', async (accepted, encoding) => {
    const answer = {
      meta: { a: 1 },
      rows: [{ name: 'é👩‍💻'.repeat(300) }],
      values: { gpu: ['x'.repeat(2_000)] },
      total: null,
      left: undefined,
    };
    const { body, headers } = await request(app(answer))
      .get('/')
      .set('accept-encoding', accepted)
      .expect(200);
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers.vary).toBe('Accept-Encoding');
    expect(body).toEqual(JSON.parse(JSON.stringify(answer)));
  });

  const MANY = Array.from({ length: 20_000 }, (_, i) => ({
    i,
    name: `é${i}`.repeat(10),
  }));

  it.each(['gzip', 'identity'])(
    'is the same of a list of many pieces, as %s',
    async accepted => {
      const answer = { meta: { a: 1 }, rows: MANY, next: null };
      const { body } = await request(app(answer))
        .get('/')
        .set('accept-encoding', accepted)
        .expect(200);
      expect(body).toEqual(answer);
    },
  );

  it('waits for who reads slowly, and ends when it is gone', async () => {
    let end: (sent: Promise<void>) => void = () => {};
    const sending = new Promise<Promise<void>>(resolve => {
      end = resolve;
    });
    const server = express()
      .get('/', (_req, res) => {
        end(sendAnswer(res, { rows: [...MANY, ...MANY] }));
      })
      .listen(0);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    await once(socket, 'readable');
    const sent = await sending;
    socket.destroy();
    await sent;
    server.close();
  });

  it('compresses nothing that is short', async () => {
    const { headers } = await request(app({ rows }))
      .get('/')
      .set('accept-encoding', 'gzip')
      .expect(200);
    expect(headers).not.toHaveProperty('content-encoding');
  });

  it('makes text of the same rows only once, with what is new beside them', async () => {
    const stringify = jest.spyOn(JSON, 'stringify');
    const shared = [{ id: 'shared' }];
    for (const freshness of [1, 2]) {
      const { body } = await request(app({ ...{ freshness }, rows: shared }))
        .get('/')
        .expect(200);
      expect(body).toEqual({ freshness, rows: shared });
    }
    const ofRows = stringify.mock.calls.filter(([value]) => value === shared);
    stringify.mockRestore();
    expect(ofRows).toHaveLength(1);
  });
});
