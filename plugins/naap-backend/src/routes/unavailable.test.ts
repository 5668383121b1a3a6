import { InputError, ServiceUnavailableError } from '@backstage/errors';
import express, {
  type ErrorRequestHandler,
  type RequestHandler,
} from 'express';
import request from 'supertest';
import { unavailable } from './unavailable';

async function answered(error: unknown) {
  const shown: ErrorRequestHandler = (given, _req, res, _next) => {
    res.json({ name: given.name, message: given.message });
  };
  const failing: RequestHandler = (_req, _res, next) => next(error);
  const app = express().use(failing, unavailable, shown);
  const { body, headers } = await request(app).get('/');
  return { ...body, retryAfter: headers['retry-after'] };
}

const sqlite = Object.assign(
  new Error('insert into `naap_runs` - database or disk is full'),
  { name: 'SqliteError', code: 'SQLITE_FULL' },
);

describe('unavailable', () => {
  it('answers 503 to what a full disk did not take, says when to come again, and shows no statement', async () => {
    expect(await answered(sqlite)).toEqual({
      name: 'ServiceUnavailableError',
      message: 'The disk is full: free some space, then try again',
      retryAfter: '10',
    });
    expect(await answered(new ServiceUnavailableError('stopping'))).toEqual({
      name: 'ServiceUnavailableError',
      message: 'stopping',
      retryAfter: '10',
    });
  });

  it('lets everything else pass', async () => {
    expect(await answered(new InputError('wrong'))).toEqual({
      name: 'InputError',
      message: 'wrong',
      retryAfter: undefined,
    });
  });
});
