import express from 'express';
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
