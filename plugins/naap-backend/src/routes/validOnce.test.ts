import express, { RequestHandler } from 'express';
import request from 'supertest';
import { validOnce } from './validOnce';

describe('validOnce', () => {
  const asked: string[] = [];
  /** Fills in a default, as the real one does, and refuses what is bad. */
  const validator: RequestHandler = (req, _res, next) => {
    asked.push(`${req.method} ${req.originalUrl}`);
    if (req.query.bad) {
      next(new Error('bad'));
      return;
    }
    req.query = { limit: '50', ...req.query };
    Object.assign(req, { openapi: { openApiRoute: req.path } });
    next();
  };
  const app = express();
  app.use('/v1', validOnce(validator), (req, res) => {
    res.json({
      query: req.query,
      route: (req as { openapi?: { openApiRoute: string } }).openapi
        ?.openApiRoute,
    });
  });
  app.use(((_error, _req, res, _next) => {
    res.status(400).end();
  }) as express.ErrorRequestHandler);

  beforeEach(() => asked.splice(0));

  it('asks once about a URL, and the handler sees what it saw then', async () => {
    const first = await request(app).get('/v1/kpis?by=hour&by=model');
    const again = await request(app).get('/v1/kpis?by=hour&by=model');
    expect(first.body).toEqual({
      query: { limit: '50', by: ['hour', 'model'] },
      route: '/kpis',
    });
    expect(again.body).toEqual(first.body);
    expect(asked).toEqual(['GET /v1/kpis?by=hour&by=model']);
  });

  it('asks about every other URL, and again about one that was refused', async () => {
    await request(app).get('/v1/kpis?by=day').expect(200);
    await request(app).get('/v1/swaps?by=day').expect(200);
    await request(app).get('/v1/kpis?bad=1').expect(400);
    await request(app).get('/v1/kpis?bad=1').expect(400);
    expect(asked).toHaveLength(4);
  });

  it('always asks about what may have a body', async () => {
    await request(app).post('/v1/runs').expect(200);
    await request(app).post('/v1/runs').expect(200);
    expect(asked).toHaveLength(2);
  });

  it('keeps the last 2,000 URLs, and none that is long', async () => {
    let misses = 0;
    const counting = validOnce((_req, _res, next) => {
      misses++;
      next();
    });
    const get = (url: string) =>
      counting(
        { method: 'GET', originalUrl: url, query: {} } as express.Request,
        {} as express.Response,
        () => {},
      );
    for (let i = 0; i < 2_001; i++) get(`/${i}`);
    expect(misses).toBe(2_001);
    get('/2000');
    expect(misses).toBe(2_001);
    get('/0');
    expect(misses).toBe(2_002);
    const long = `/${'x'.repeat(2_000)}`;
    get(long);
    get(long);
    expect(misses).toBe(2_004);
  });
});
