import { createBackendPlugin } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { ServiceUnavailableError } from '@backstage/errors';
import {
  eventBusServiceRef,
  kpiStoreServiceRef,
  lakeReaderServiceRef,
  storageServiceRef,
} from '@naap/plugin-naap-node';
import { once } from 'node:events';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { requestRow } from './__testUtils__/fakes';
import {
  SOURCE_TOKEN as TOKEN,
  startPortal as start,
  until,
  V1,
} from './__testUtils__/portal';
import naapPlugin from '.';

const LINES = '{"id":"a"}\n{"id":"b"}\n';
const nothing = () => false;

describe('GET routes', () => {
  it('pass the window, groups and filters on, with ~ as null', async () => {
    const { api, kpiStore } = await start();
    await api
      .get(
        `${V1}/kpis?from=2026-01-08T21:00:00Z&to=2026-01-08T22:00:00.000Z&by=orchestrator,model&orchestrator=0xa&orchestrator=~&gateway=&region=sea`,
      )
      .expect(200);
    expect(kpiStore.asked).toEqual([
      {
        from: '2026-01-08T21:00:00Z',
        to: '2026-01-08T22:00:00.000Z',
        by: ['orchestrator', 'model'],
        filters: {
          orchestrator: ['0xa', null],
          gateway: [''],
          region: ['sea'],
        },
        limit: 10_000,
      },
    ]);
  });

  it('cut what the scraper found by URL and hour, of orchestrators alone', async () => {
    const { api, kpiStore } = await start();
    const { body } = await api
      .get(`${V1}/availability?by=url,hour&orchestrator=0xA&orchestrator=~`)
      .expect(200);
    expect(body).toMatchObject({ meta: {}, rows: [] });
    expect(kpiStore.asked).toEqual([
      {
        by: ['url', 'hour'],
        filters: { orchestrator: ['0xa', null] },
        limit: 10_000,
      },
    ]);
  });

  it('keep strange values of filters as data', async () => {
    const { api, kpiStore } = await start();
    const model = `a'; DROP TABLE x; -- "%,& é\u0000`;
    await api.get(`${V1}/kpis?model=${encodeURIComponent(model)}`).expect(200);
    await api.get(`${V1}/kpis?model=["a","b"]`).expect(200);
    expect(kpiStore.asked.map(query => query.filters)).toEqual([
      { model: [model] },
      { model: ['["a","b"]'] },
    ]);
  });

  it('page through requests, with defaults for limit and offset', async () => {
    const { api, kpiStore } = await start();
    await api.get(`${V1}/requests?outcome=failed&outcome=ok`).expect(200);
    await api.get(`${V1}/requests?limit=7&offset=14&order=oldest`).expect(200);
    expect(kpiStore.asked).toEqual([
      expect.objectContaining({
        outcome: ['failed', 'ok'],
        order: 'newest',
        limit: 100,
        offset: 0,
      }),
      expect.objectContaining({ order: 'oldest', limit: 7, offset: 14 }),
    ]);
  });

  it.each([
    ['kpis?from=yesterday', 'from'],
    ['kpis?from=2026-01-08T21:00:00Z&from=2026-01-08T22:00:00Z', 'from'],
    ['kpis?by=orchestrator,colour', 'by'],
    ['kpis?by=model,model', 'by'],
    ['kpis?colour=red', 'colour'],
    ['kpis?from=2026-01-08T22:00:00Z&to=2026-01-08T21:00:00Z', 'from'],
    ['availability?by=orchestrator,model', 'by'],
    ['availability?model=m', 'model'],
    ['requests?limit=-1', 'limit'],
    ['requests?limit=1e9', 'limit'],
    ['requests?limit=ten', 'limit'],
    ['requests?offset=0.5', 'offset'],
    ['requests?outcome=great', 'outcome'],
    ['quarantine?class=accepted', 'class'],
    ['quarantine?limit=501', 'limit'],
    ['ingest-stats?to=2026-13-01T00:00:00Z', 'to'],
    ['requests/abc?stream_id=', 'stream_id'],
  ])('answer 400 to %s and name %s', async (path, parameter) => {
    const { api, kpiStore, lakeReader } = await start();
    const { body } = await api.get(`${V1}/${path}`).expect(400);
    expect(body.error.message).toContain(parameter);
    expect(kpiStore.asked).toEqual([]);
    expect(lakeReader.asked).toEqual([]);
  });

  it('give the raw events of one request', async () => {
    const { api, kpiStore } = await start();
    kpiStore.rows = [requestRow('s1', 'abc')];
    const { body } = await api.get(`${V1}/requests/abc`).expect(200);
    expect(body.request.stream_id).toBe('s1');
    expect(body.events).toEqual([
      expect.objectContaining({ raw: '{"id":"e1"}' }),
    ]);
  });

  it('answer 409 with the candidates when a request_id is ambiguous', async () => {
    const { api, kpiStore } = await start();
    kpiStore.rows = [requestRow('s1', 'abc'), requestRow('s2', 'abc')];
    const { body } = await api.get(`${V1}/requests/abc`).expect(409);
    expect(body.error.message).toContain("add 'stream_id'");
    expect(
      body.candidates.map((c: { stream_id: string }) => c.stream_id),
    ).toEqual(['s1', 's2']);
    const chosen = await api.get(`${V1}/requests/abc?stream_id=s2`).expect(200);
    expect(chosen.body.request.stream_id).toBe('s2');
  });

  it('answer 404 to an unknown request and name it', async () => {
    const { api } = await start();
    const { body } = await api.get(`${V1}/requests/zzz`).expect(404);
    expect(body.error.message).toContain("request_id 'zzz'");
  });

  it('give dimensions, quarantine and hourly class counts', async () => {
    const { api, lakeReader } = await start();
    await api.get(`${V1}/dimensions`).expect(200);
    await api.get(`${V1}/quarantine?class=rejected&reason=schema`).expect(200);
    const { body } = await api.get(`${V1}/ingest-stats`).expect(200);
    expect(body).toMatchObject({
      meta: { watermark: '2026-01-08T22:00:00.000Z' },
      rows: [],
      next: null,
    });
    expect(lakeReader.asked[0]).toEqual({
      class: 'rejected',
      reason: 'schema',
      limit: 50,
      offset: 0,
    });
  });

  it('say how fresh the numbers are and how the loop does', async () => {
    const { api, scheduler, bus, steps } = await start();
    steps.on = async id => {
      if (id === 'sync') throw new Error('disk is full');
      return { changed: true, details: {} };
    };
    bus.append(3);
    await scheduler.triggerTask('naap-loop');
    const failed = await until(async () => {
      const answer = await api.get(`${V1}/freshness`).expect(200);
      return answer.body.loop.lastError && answer;
    });
    expect(failed.body).toMatchObject({
      watermark: '2026-01-08T22:00:00.000Z',
      eventToServedP95Ms: null,
      loop: {
        lastBuildAt: expect.any(String),
        lastSyncAt: null,
        lastError: { step: 'sync', message: 'Error: disk is full' },
      },
    });
    expect(failed.body.freshnessMs).toBeGreaterThan(0);

    steps.on = async () => ({ changed: true, details: {} });
    await api.post(`${V1}/steps/sync`).expect(200);
    const { body } = await api.get(`${V1}/freshness`).expect(200);
    expect(body.loop.lastError).toBeNull();
  });

  it('need credentials and the permission naap.kpi.read', async () => {
    const { api } = await start({ allow: nothing });
    for (const path of [
      'kpis',
      'requests',
      'requests/a',
      'dimensions',
      'freshness',
      'quarantine',
      'ingest-stats',
    ]) {
      const { body } = await api.get(`${V1}/${path}`).expect(403);
      expect(body.error.message).toContain('naap.kpi.read');
      await api
        .get(`${V1}/${path}`)
        .set('authorization', mockCredentials.none.header())
        .expect(401);
    }
  });
});

describe('POST /events', () => {
  const post = (
    api: Awaited<ReturnType<typeof start>>['api'],
    token: string = TOKEN,
  ) =>
    api
      .post(`${V1}/events`)
      .set('authorization', `Bearer ${token}`)
      .set('content-type', 'application/x-ndjson');

  it('answers the class counts under the name of the source', async () => {
    const { api, bus } = await start();
    const { body } = await post(api).send(LINES).expect(200);
    expect(body).toEqual({
      read: 2,
      accepted: 2,
      ignored: 0,
      rejected: 0,
      duplicate: 0,
      reasons: {},
      nextOffset: 2,
    });
    expect(bus.received).toEqual([{ source: 'sea', text: LINES }]);
  });

  it('takes gzip, and JSON untouched by a body parser', async () => {
    const { api, bus } = await start();
    await post(api)
      .set('content-encoding', 'gzip')
      .serialize(body => body as unknown as string)
      .send(gzipSync(LINES) as unknown as string)
      .expect(200);
    const notEvenJson = '[{"id":"a"}, oops';
    await post(api)
      .set('content-type', 'application/json')
      .send(notEvenJson)
      .expect(200);
    expect(bus.received.map(r => r.text)).toEqual([LINES, notEvenJson]);
    expect(bus.options.map(({ encoding }) => encoding)).toEqual([
      'gzip',
      undefined,
    ]);
  });

  it('passes on what the request says of its body', async () => {
    const { api, bus } = await start();
    await post(api)
      .query({ format: 'lines' })
      .set('content-encoding', 'identity')
      .set('idempotency-key', 'file-7')
      .send(LINES)
      .expect(200);
    expect(bus.options).toEqual([
      {
        format: 'lines',
        encoding: 'identity',
        key: 'file-7',
        maxBytes: 2 ** 30,
      },
    ]);
    const format = await post(api).query({ format: 'csv' }).send(LINES);
    expect(format.status).toBe(400);
    expect(format.body.error.message).toContain('lines, array');
    await post(api)
      .set('idempotency-key', 'x'.repeat(129))
      .send(LINES)
      .expect(400);
  });

  it('refuses who brings no token of a source', async () => {
    const { api, bus } = await start();
    await api.post(`${V1}/events`).send(LINES).expect(401);
    await post(api, 'wrong-token-0123456789').send(LINES).expect(401);
    await api
      .post(`${V1}/events`)
      .set('authorization', mockCredentials.user.header())
      .send(LINES)
      .expect(401);
    expect(bus.received).toEqual([]);
  });

  it('is heard by a client that is still sending', async () => {
    const { backend } = await start();
    const client = request({
      port: backend.server.port(),
      path: `${V1}/events`,
      method: 'POST',
      headers: { authorization: 'Bearer wrong-token-0123456789' },
    });
    const answer = once(client, 'response');
    for (let i = 0; i < 30; i++) {
      client.write(Buffer.alloc(1_000_000));
      await new Promise(resolve => setImmediate(resolve));
    }
    client.end();
    const [response] = await answer;
    expect(response.statusCode).toBe(401);
    response.resume();
  });

  it('lets a service principal name the source, but no source another', async () => {
    const { api, bus } = await start();
    const service = () =>
      api
        .post(`${V1}/events?source=simulator`)
        .set('authorization', mockCredentials.service.header());
    await service().send(LINES).type('text/plain').expect(200);
    expect(bus.received[0].source).toBe('simulator');
    await api
      .post(`${V1}/events?source=simulator`)
      .set('authorization', `Bearer ${TOKEN}`)
      .type('text/plain')
      .send(LINES)
      .expect(400);
  });

  it('answers 415 to bodies that it can not read', async () => {
    const { api, bus } = await start();
    const type = await post(api)
      .set('content-type', 'application/x-www-form-urlencoded')
      .send('a=b')
      .expect(415);
    expect(type.body.error.message).toContain('application/x-ndjson');
    const encoding = await post(api)
      .set('content-encoding', 'br')
      .send(LINES)
      .expect(415);
    expect(encoding.body.error.message).toContain('gzip');
    expect(bus.received).toEqual([]);
  });

  it('answers 503 when the bus takes nothing now, 500 to what it does not know', async () => {
    const { api, bus } = await start();
    bus.failWith = new ServiceUnavailableError('No space left');
    const full = await post(api).send(LINES).expect(503);
    expect(Number(full.headers['retry-after'])).toBeGreaterThan(0);
    expect(full.body.error.message).toContain('No space left');
    bus.failWith = new Error('odd');
    await post(api).send(LINES).expect(500);
  });
});

describe('the plugin', () => {
  it('runs commit, build and sync, then closes what the modules opened', async () => {
    const { scheduler, steps, backend, closed } = await start();
    await scheduler.triggerTask('naap-loop');
    await until(() => steps.ran.length === 3);
    expect(steps.ran).toEqual(['commit', 'build', 'sync']);
    await backend.stop();
    expect(closed.times).toBe(1);
  });

  it('names the key of a wrong configuration', async () => {
    const sources = (...list: Array<{ name: string; token: string }>) => ({
      naap: { ingestion: { sources: list } },
    });
    const good = { name: 'sea', token: TOKEN };
    await expect(
      start({ config: sources({ name: 'sea', token: 'short' }) }),
    ).rejects.toThrow('naap.ingestion.sources[0].token has 5 characters');
    await expect(
      start({ config: sources({ ...good, name: 'Big Sea' }) }),
    ).rejects.toThrow("naap.ingestion.sources[0].name is 'Big Sea'");
    await expect(
      start({ config: sources(good, { ...good, name: 'fra' }) }),
    ).rejects.toThrow("naap.ingestion.sources[1].token is another source's");
    await expect(
      start({ config: { naap: { loop: { intervalSeconds: 0 } } } }),
    ).rejects.toThrow('naap.loop.intervalSeconds is 0');
  });

  it('names the module that is missing', async () => {
    await expect(startTestBackend({ features: [naapPlugin] })).rejects.toThrow(
      'naap-backend-module-ingestion',
    );
  });

  it.each([
    { module: 'ingestion', service: eventBusServiceRef },
    { module: 'ingestion', service: storageServiceRef },
    { module: 'lakehouse', service: lakeReaderServiceRef },
    { module: 'serving', service: kpiStoreServiceRef },
  ])(
    'names the module that brings $service.id, to whoever needs it',
    async ({ module, service }) => {
      const needing = createBackendPlugin({
        pluginId: 'naap',
        register: env =>
          env.registerInit({ deps: { service }, init: async () => {} }),
      });
      await expect(startTestBackend({ features: [needing] })).rejects.toThrow(
        `@naap/plugin-naap-backend-module-${module}`,
      );
    },
  );
});
