import { mockServices } from '@backstage/backend-test-utils';
import { comesIn } from '@naap/system';
import express, {
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  admit,
  boundGuests,
  denyDevices,
  oneByOne,
  onlyStarted,
  onlyTo,
} from './middleware';

/** Asks from a process of its own: what this process asks is its own. Prints status, headers and body. */
const ASK = `
const [url, options] = process.argv.slice(1);
const { times = 1, headers, ...more } = JSON.parse(options);
const http = require('node:http');
const ask = () => new Promise((resolve, reject) => {
  const asking = http.request(url, { headers, ...more }, answer => {
    let body = '';
    answer.on('data', part => (body += part));
    answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body }));
  });
  asking.once('error', reject).end();
});
(async () => {
  const answers = [];
  for (let i = 0; i < times; i++) answers.push(await ask());
  console.log(JSON.stringify(answers));
})();`;

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

describe('in front of all routes', () => {
  const logger = mockServices.logger.mock();
  let server: Server;
  let base: string;

  async function listen(...handlers: RequestHandler[]) {
    const app = express().use(...handlers, (_req, res) => {
      res.json('answered');
    });
    server = createServer(app);
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  async function ask(
    path: string,
    options: {
      times?: number;
      method?: string;
      headers?: Record<string, string>;
    } = {},
  ): Promise<Answer[]> {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '-e',
      ASK,
      `${base}${path}`,
      JSON.stringify(options),
    ]);
    return JSON.parse(stdout);
  }

  afterEach(() => {
    server?.close();
    jest.clearAllMocks();
  });

  it('who asks waits while others come in, then one goes on each time round the event loop', async () => {
    const passed: string[] = [];
    const comes = (path: string, socket = { destroyed: false }) => {
      const req = { method: 'GET', path, socket };
      oneByOne(req as unknown as Request, {} as Response, () =>
        passed.push(path),
      );
      return socket;
    };
    for (let i = 0; i < 5; i++) {
      comesIn();
      comes(`/${i}`);
      await setImmediate();
    }
    expect(passed).toEqual([]);
    comes('/api/naap/v1/health/live');
    expect(passed).toEqual(['/api/naap/v1/health/live']);
    comes('/gone').destroyed = true;
    comes('/dropped', { destroyed: true });
    const perRound: number[] = [];
    for (let i = 0; i < 8; i++) {
      const before = passed.length;
      await setImmediate();
      perRound.push(passed.length - before);
    }
    expect(Math.max(...perRound)).toBe(1);
    expect(passed.slice(1)).toEqual(['/0', '/1', '/2', '/3', '/4']);
  });

  it('what is meant for another host is refused, but whether all is well', async () => {
    await listen(onlyTo(new Set(['localhost'])));
    const [wrong] = await ask('/api/naap/v1/kpis');
    expect(wrong.status).toBe(421);
    expect(JSON.parse(wrong.body).error).toEqual({
      name: 'MisdirectedRequestError',
      message: expect.stringContaining('backend.allowedHosts'),
    });
    for (const path of [
      '/.backstage/health/v1/liveness',
      '/.backstage/health/v1/readiness',
      '/api/naap/v1/health/live',
      '/api/naap/v1/health/ready',
    ]) {
      expect((await ask(path))[0].status).toBe(200);
      expect((await ask(`${path}/x`))[0].status).toBe(421);
      expect((await ask(path, { method: 'POST' }))[0].status).toBe(421);
    }
  });

  it('what is too much is told when to come again', async () => {
    await listen(admit({ enter: () => undefined }, logger));
    const [refused] = await ask('/api/naap/v1/kpis');
    expect(refused).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1', 'x-content-type-options': 'nosniff' },
    });
    expect(JSON.parse(refused.body).error.name).toBe('ServiceUnavailableError');
  });

  it('a place is free again when the answer is read', async () => {
    let taken = 0;
    const enter = () => {
      taken++;
      return () => {
        taken--;
      };
    };
    await listen(admit({ enter }, logger));
    const answers = await ask('/api/naap/v1/kpis', { times: 3 });
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(taken).toBe(0);
  });

  it('what plugins ask each other needs no place: its asker has one', async () => {
    await listen(admit({ enter: () => undefined }, logger));
    expect((await fetch(`${base}/api/permission/authorize`)).status).toBe(200);
    expect((await ask('/api/permission/authorize'))[0].status).toBe(503);
  });

  it('guests are so many a minute from one address', async () => {
    await listen(boundGuests());
    const answers = await ask('/', { times: 301 });
    expect(new Set(answers.slice(0, 300).map(a => a.status))).toEqual(
      new Set([200]),
    );
    expect(answers[300].status).toBe(429);
    expect(Number(answers[300].headers['retry-after'])).toBeGreaterThan(0);
    expect(JSON.parse(answers[300].body).error.name).toBe(
      'TooManyRequestsError',
    );
  });

  it('no page may ask a browser for devices', async () => {
    await listen(denyDevices);
    const [{ headers }] = await ask('/');
    expect(headers['permissions-policy']).toContain('camera=()');
  });

  it('says that it is starting while it is, but for its health', async () => {
    let start = () => {};
    await listen(
      onlyStarted({
        addStartupHook: hook => {
          start = hook;
        },
      }),
    );
    const [early] = await ask('/api/naap/v1/events', { method: 'POST' });
    expect(early).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
    });
    const [health] = await ask('/.backstage/health/v1/readiness');
    expect(health.status).toBe(200);
    start();
    const [late] = await ask('/api/naap/v1/events', { method: 'POST' });
    expect(late.status).toBe(200);
  });
});
