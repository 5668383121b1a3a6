import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import {
  coreServices,
  createServiceFactory,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { simulate } from '@naap/ingestion';
import naapPlugin from '@naap/plugin-naap-backend';
import dbtModule from '@naap/plugin-naap-backend-module-dbt';
import ingestionModule from '@naap/plugin-naap-backend-module-ingestion';
import lakehouseModule from '@naap/plugin-naap-backend-module-lakehouse';
import servingModule from '@naap/plugin-naap-backend-module-serving';
import type {
  FreshnessAnswer,
  IngestAnswer,
  IngestStatsAnswer,
  KpiAnswer,
  QuarantineAnswer,
  RequestAnswer,
  RequestDetailAnswer,
  RunListAnswer,
} from '@naap/plugin-naap-common';
import Ajv from 'ajv';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import request from 'supertest';
import yaml from 'yaml';
import openPlatform from './platform';

/** Python, dbt and ClickHouse start in here. */
jest.setTimeout(600_000);

const V1 = '/api/naap/v1';
const HOUR_MS = 3_600_000;
const TOKEN = 'simulator-token-0123456789';

/** Two hours of a simulated network that end an hour ago, with more dirt than usual. */
function messages(): string[] {
  const to = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS;
  const from = to - 2 * HOUR_MS;
  const network = { seed: 7, eventsPerDay: 12_000, dirt: 0.02 };
  return [...simulate({ ...network, from, to })].map(({ raw }) => raw);
}

/** Sums in another order differ in the last digits; kpis.md wants a relative 1e-9. */
const toNineDigits = (value: unknown) =>
  JSON.stringify(
    value,
    (_key, v) => (typeof v === 'number' ? Number(v.toPrecision(9)) : v),
    1,
  ).split('\n');

/** Checks answers against the schemas of openapi.yaml. */
async function answerChecker() {
  const path = resolvePackagePath(
    '@naap/plugin-naap-backend',
    'src/schema/openapi.yaml',
  );
  const spec = yaml.parse(await readFile(path, 'utf8'));
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    validateFormats: false,
  });
  ajv.addSchema(spec, 'api');
  return (route: string, method: 'get' | 'post', answer: unknown) => {
    const pointer = [
      'paths',
      route.replaceAll('/', '~1'),
      method,
      'responses/200/content/application~1json/schema',
    ].join('/');
    const validate = ajv.compile({ $ref: `api#/${pointer}` });
    validate(answer);
    expect(validate.errors).toBeNull();
  };
}

describe('the portal with its real layers', () => {
  const sent = messages();
  let home: string;
  let backend: TestBackend;
  let check: Awaited<ReturnType<typeof answerChecker>>;

  const scheduler = mockServices.scheduler();
  const api = () => request(backend.server);
  const get = async <T>(route: string): Promise<T> =>
    (await api().get(`${V1}${route}`).expect(200)).body;
  /** How it stands after the round, which goes on after its task has ended. */
  const endOfRound = async () => {
    for (;;) {
      const freshness = await get<FreshnessAnswer>('/freshness');
      const { lastError, lastSyncAt } = freshness.loop;
      if (lastError || lastSyncAt) return freshness;
      await delay(200);
    }
  };
  const post = async (body: string): Promise<IngestAnswer> =>
    (
      await api()
        .post(`${V1}/events`)
        .set('authorization', `Bearer ${TOKEN}`)
        .set('content-type', 'application/x-ndjson')
        .set('content-encoding', 'gzip')
        .serialize(bytes => bytes as unknown as string)
        .send(gzipSync(body) as unknown as string)
        .expect(200)
    ).body;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'naap-portal-'));
    check = await answerChecker();
    backend = await startTestBackend({
      features: [
        naapPlugin,
        openPlatform,
        dbtModule,
        ingestionModule,
        lakehouseModule,
        servingModule,
        createServiceFactory({
          service: coreServices.scheduler,
          deps: {},
          factory: () => scheduler,
        }),
        mockServices.rootConfig.factory({
          data: {
            naap: {
              home,
              profile: 'embedded',
              ingestion: { sources: [{ name: 'simulator', token: TOKEN }] },
            },
          },
        }),
      ],
    });
  });

  afterAll(async () => {
    await backend?.stop();
    await rm(home, { recursive: true });
  });

  it('answers without numbers before the first event', async () => {
    const kpis = await get<KpiAnswer>('/kpis?by=orchestrator');
    check('/kpis', 'get', kpis);
    expect(kpis.rows).toEqual([]);
    const freshness = await get<FreshnessAnswer>('/freshness');
    check('/freshness', 'get', freshness);
    expect(freshness).toMatchObject({ watermark: null, freshnessMs: null });
    expect(await get('/quarantine')).toEqual({
      total: 0,
      raw_readable: true,
      rows: [],
      next: null,
    });
    expect(await get('/ingest-stats')).toMatchObject({ rows: [], next: null });
  });

  it('counts every message in one class, and sent again only as duplicates', async () => {
    const body = sent.join('\n');
    const first = await post(body);
    check('/events', 'post', first);
    expect(first.accepted).toBeGreaterThan(500);
    expect(first.rejected).toBeGreaterThan(0);
    const { read, accepted, ignored, rejected, duplicate } = first;
    expect(accepted + ignored + rejected + duplicate).toBe(read);
    const again = await post(body);
    expect(again).toMatchObject({
      accepted: 0,
      duplicate: read,
    });
  });

  it('serves them after one round of the loop', async () => {
    await scheduler.triggerTask('naap-loop');
    const freshness = await endOfRound();
    check('/freshness', 'get', freshness);
    expect(freshness.loop.lastError).toBeNull();
    expect(freshness.simulated).toBe(true);
    expect(freshness.build?.tests.failed).toBe(0);
    expect(freshness.eventToServedP95Ms).toBeGreaterThan(0);

    const whole = await get<KpiAnswer>('/kpis');
    check('/kpis', 'get', whole);
    expect(whole.rows).toHaveLength(1);
    const [{ requests }] = whole.rows;
    expect(requests).toBeGreaterThan(10);
    const groups = await get<KpiAnswer>('/kpis?by=orchestrator,model');
    check('/kpis', 'get', groups);
    expect(groups.rows.reduce((sum, row) => sum + row.requests, 0)).toBe(
      requests,
    );
    const list = await get<RequestAnswer>('/requests?limit=5');
    check('/requests', 'get', list);
    expect(list).toMatchObject({ total: requests });
    expect(list.rows).toHaveLength(5);
    check('/dimensions', 'get', await get('/dimensions'));
  });

  it('gives the raw messages of a request byte for byte', async () => {
    const { rows } = await get<RequestAnswer>('/requests?limit=1&outcome=ok');
    const [{ request_id, stream_id }] = rows;
    const detail = await get<RequestDetailAnswer>(
      `/requests/${request_id}?stream_id=${stream_id}`,
    );
    check('/requests/{requestId}', 'get', detail);
    expect(detail.request).toEqual(rows[0]);
    expect(detail.events.map(event => event.subtype)).toContain(
      'gateway_receive_stream_request',
    );
    const known = new Set(sent);
    expect(detail.raw_readable).toBe(true);
    expect(detail.events.filter(event => !known.has(event.raw ?? ''))).toEqual(
      [],
    );
  });

  it('gives the beginning of quarantined messages byte for byte, and the class counts by hour', async () => {
    const page = await get<QuarantineAnswer>(
      '/quarantine?class=rejected&limit=500',
    );
    check('/quarantine', 'get', page);
    expect(page.total).toBeGreaterThan(0);
    // A list has the first kilobyte of each.
    const beginningOf = (message: string) =>
      Buffer.from(message).subarray(0, 1024).toString('base64');
    const known = new Set(sent.map(beginningOf));
    for (const { raw_base64 } of page.rows) {
      expect(known).toContain(raw_base64);
    }
    const stats = await get<IngestStatsAnswer>('/ingest-stats');
    check('/ingest-stats', 'get', stats);
    const read = stats.rows.reduce((sum, row) => sum + row.read, 0);
    expect(read).toBe(2 * sent.length);
  });

  it('finds nothing to do in the next round, and rebuilds in full when asked', async () => {
    const before = await get<KpiAnswer>('/kpis?by=hour,orchestrator,model');
    const { total } = await get<RunListAnswer>('/runs');
    await scheduler.triggerTask('naap-loop');
    expect(await get<RunListAnswer>('/runs')).toMatchObject({ total });
    const { body } = await api()
      .post(`${V1}/steps/build`)
      .set('authorization', mockCredentials.service.header())
      .send({ full: true })
      .expect(200);
    check('/steps/{step}', 'post', body);
    check('/steps', 'get', await get('/steps'));
    check('/runs', 'get', await get('/runs'));
    expect(body).toMatchObject({ step: 'build', details: { full: true } });
    await api().post(`${V1}/steps/sync`).expect(200);
    await api().post(`${V1}/steps/maintain`).expect(200);
    const after = await get<KpiAnswer>('/kpis?by=hour,orchestrator,model');
    expect(toNineDigits(after.rows)).toEqual(toNineDigits(before.rows));
    expect(after.meta.build?.id).not.toBe(before.meta.build?.id);
  });
});
