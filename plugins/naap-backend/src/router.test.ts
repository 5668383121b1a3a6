import { mockCredentials } from '@backstage/backend-test-utils';
import { createNaapOpenApiClient, KPI_IDS } from '@naap/plugin-naap-common';
import Ajv from 'ajv';
import fc from 'fast-check';
import request from 'supertest';
import { requestRow } from './__testUtils__/fakes';
import { startPortal, V1 } from './__testUtils__/portal';
import { gpuRow, kpiRow } from './__testUtils__/rows';
import { spec } from './schema';

// Each test starts a portal, and the machine may be busy.
jest.setTimeout(60_000);

describe('openapi.json', () => {
  it('is the document that requests are validated against, for everybody, at its address', async () => {
    const { api } = await startPortal();
    const { body } = await api
      .get(`${V1}/openapi.json`)
      .set('authorization', mockCredentials.none.header())
      .expect(200);
    expect(body).toEqual({ ...spec, servers: [{ url: V1 }] });
    expect(body.openapi).toBe('3.1.0');
  });

  it('has schemas that are valid JSON Schema, and no reference into nothing', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    ajv.addSchema(spec, 'api');
    for (const name of Object.keys(spec.components.schemas)) {
      ajv.compile({ $ref: `api#/components/schemas/${name}` });
    }
    const text = JSON.stringify(spec);
    for (const [, section, name] of text.matchAll(
      /"#\/components\/(\w+)\/(\w+)"/g,
    )) {
      expect(
        (spec.components as Record<string, object>)[section],
      ).toHaveProperty(name);
    }
  });

  it('knows every KPI whose requests can be asked for', () => {
    const { parameters = [] } = spec.paths['/requests'].get as {
      parameters?: Array<{ name?: string; schema?: { enum?: string[] } }>;
    };
    const kpi = parameters.find(({ name }) => name === 'kpi');
    expect(kpi?.schema?.enum).toEqual([...KPI_IDS]);
  });

  it('gives every operation a name of its own and an error', () => {
    const operations = Object.values(spec.paths).flatMap(Object.values);
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { responses } of operations) {
      expect(responses).toHaveProperty('default');
    }
  });
});

describe('what no route takes', () => {
  it('is 405 with the methods that there are, or 404', async () => {
    const { api } = await startPortal();
    const { body, headers } = await api.delete(`${V1}/runs`).expect(405);
    expect(headers.allow).toBe('GET, HEAD, POST');
    expect(body.error.message).toContain('DELETE');
    await api.put(`${V1}/requests/abc`).expect(405);
    await api.get(`${V1}/steps/build`).expect(405);
    const unknown = await api.get(`${V1}/nowhere`).expect(404);
    expect(unknown.body.error.name).toBe('NotFoundError');
  });
});

describe('metrics of requests', () => {
  it('are by route of the document, not by path', async () => {
    const { api, kpiStore } = await startPortal();
    kpiStore.rows = [requestRow('s', 'abc')];
    await api.get(`${V1}/requests/abc`).expect(200);
    await api.get(`${V1}/requests/def`).expect(404);
    await api.get(`${V1}/kpis?colour=red`).expect(400);
    await api.get(`${V1}/nowhere/at/all`).expect(404);
    await api.post(`${V1}/events`).expect(401);
    const { text } = await api.get('/metrics').expect(200);
    const routes = [
      ...text.matchAll(/duration_seconds_count\{(method.*)\} 1/g),
    ].map(([, labels]) => labels);
    expect(routes.sort()).toEqual([
      'method="GET",route="/kpis",status="400"',
      'method="GET",route="/requests/{requestId}",status="200"',
      'method="GET",route="/requests/{requestId}",status="404"',
      'method="GET",route="other",status="404"',
      'method="POST",route="/events",status="401"',
    ]);
  });

  it('can be turned off', async () => {
    const { api } = await startPortal({
      config: { naap: { metrics: { enabled: false } } },
    });
    const { status } = await api.get('/metrics');
    expect(status).toBe(404);
  });
});

describe('the client made from the document', () => {
  const clientOf = (portal: Awaited<ReturnType<typeof startPortal>>) => {
    const address = portal.backend.server.address();
    return createNaapOpenApiClient({
      baseUrl: `http://127.0.0.1:${
        typeof address === 'object' ? address?.port : address
      }${V1}`,
      token: mockCredentials.user.token(),
    });
  };

  it('asks and answers by the types of the document', async () => {
    const portal = await startPortal();
    portal.kpiStore.kpiRows = [kpiRow({ orchestrator: '0xa', requests: 3 })];
    portal.kpiStore.gpuRows = [gpuRow({ fps_mean: 20 })];
    const client = clientOf(portal);
    const { data } = await client.GET('/kpis', {
      params: {
        query: {
          by: ['orchestrator', 'model'],
          orchestrator: ['0xA', '~'],
          model: ['a, b&c=d'],
        },
      },
    });
    expect(data?.rows[0].requests).toBe(3);
    const metrics = await client.GET('/gpu/metrics', {
      params: { query: { time_range: '24h' } },
    });
    expect(metrics.data?.rows[0].metrics.output_fps).toBe(20);
    expect(portal.kpiStore.asked[0]).toMatchObject({
      by: ['orchestrator', 'model'],
      filters: { orchestrator: ['0xa', null], model: ['a, b&c=d'] },
    });
  });

  it('gives errors as answers', async () => {
    const client = clientOf(await startPortal());
    const { data, error, response } = await client.GET(
      '/requests/{requestId}',
      { params: { path: { requestId: 'no/such?' } } },
    );
    expect(data).toBeUndefined();
    expect(response.status).toBe(404);
    expect(error?.error.message).toContain("'no/such?'");
  });
});

describe("strangers' text", () => {
  const PIECES = [
    '<img src=x onerror=alert(1)>',
    "'; DROP TABLE naap.kpi_hourly; --",
    '\u0000',
    '\u202e\u2066',
    '👩‍💻🇺🇦',
    '{x:String}',
    '%00%',
    '\\N\\t\t\n\r',
    '$(id)`id`',
    '~',
    ' ',
    'x'.repeat(300),
  ];
  const hostile = fc
    .array(
      fc.oneof(
        fc.constantFrom(...PIECES),
        fc.string({ unit: 'grapheme', maxLength: 20 }),
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map(parts => [...parts.join('')].slice(0, 300).join(''))
    // ~ means "no value", and dots alone are no name in a path.
    .filter(text => !/^(~|\.{1,2})$/.test(text) && text.isWellFormed());

  const FILTERS = ['model', 'gateway', 'region', 'gpu', 'pipeline'] as const;

  it('comes to the store as it was sent, from every read route, and nothing breaks', async () => {
    const { backend, kpiStore, lakeReader } = await startPortal();
    const get = async (path: string, search: Array<[string, string]> = []) => {
      const query = new URLSearchParams(search).toString();
      return request(backend.server).get(`${V1}${path}?${query}`);
    };
    await fc.assert(
      fc.asyncProperty(
        hostile,
        fc.constantFrom(...FILTERS),
        async (text, filter) => {
          kpiStore.asked.length = 0;
          for (const path of ['/kpis', '/requests', '/gpus', '/swaps']) {
            const { status } = await get(path, [[filter, text]]);
            expect([path, status]).toEqual([path, 200]);
          }
          await get('/scores', [
            ['by', 'model'],
            [filter, text],
          ]);
          expect(kpiStore.asked).toHaveLength(5);
          for (const query of kpiStore.asked) {
            expect(query).toMatchObject({ filters: { [filter]: [text] } });
          }

          kpiStore.asked.length = 0;
          kpiStore.rows = [requestRow(text, text)];
          const id = encodeURIComponent(text);
          const found = await get(`/requests/${id}`, [['stream_id', text]]);
          expect(found.body.request).toMatchObject({
            stream_id: text,
            request_id: text,
          });
          const none = await get('/requests/none', [['stream_id', text]]);
          expect(none.status).toBe(404);
          expect(none.body.error.message).toContain(text);

          lakeReader.asked.length = 0;
          await get('/quarantine', [['reason', text.slice(0, 60)]]);
          // An unknown parameter is named, whatever it is called.
          const unknown = await get('/kpis', [[text, 'x']]);
          expect(unknown.status).toBe(400);
        },
      ),
      { seed: 4, numRuns: 30 },
    );
  });
});
