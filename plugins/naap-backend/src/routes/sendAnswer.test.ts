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
