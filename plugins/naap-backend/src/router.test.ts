import { mockCredentials } from '@backstage/backend-test-utils';
import { createNaapOpenApiClient, KPI_IDS } from '@naap/plugin-naap-common';
import Ajv from 'ajv';
import fc from 'fast-check';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import request from 'supertest';
import { requestRow } from './__testUtils__/fakes';
import { startPortal, V1 } from './__testUtils__/portal';
import { gpuRow, kpiRow } from './__testUtils__/rows';
import { spec } from './schema';

// Each test starts a portal, and the machine may be busy.
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

interface Node {
  $ref?: string;
  type?: string | string[];
  maxItems?: number;
  maximum?: number;
  properties?: Record<string, Node>;
  allOf?: Node[];
  required?: string[];
}

/** What a reference of the document stands for. */
function resolved<T extends { $ref?: string }>(node: T): T {
  if (!node.$ref) return node;
  const found = node.$ref
    .split('/')
    .slice(1)
    .reduce(
      (at, name) => (at as Record<string, unknown>)[name] as object,
      spec as object,
    );
  return resolved(found as T);
}

const propertiesOf = (node: Node): Record<string, Node> =>
  Object.assign(
    {},
    node.properties,
    ...(node.allOf ?? []).map(part => propertiesOf(resolved(part))),
  );

describe('lists of the document', () => {
  const lists = Object.entries(spec.paths).flatMap(([path, { get }]) => {
    const answer = get?.responses['200'] as
      | { content?: Record<string, { schema: Node }> }
      | undefined;
    const schema = answer?.content?.['application/json']?.schema;
    if (!schema) return [];
    const properties = propertiesOf(resolved(schema));
    const unbounded = Object.entries(properties).filter(([, node]) => {
      const { type, maxItems } = resolved(node);
      return type === 'array' && maxItems === undefined;
    });
    return unbounded.length > 0 ? [{ path, get, properties }] : [];
  });

  it('are those that we know of', () => {
    expect(lists.map(({ path }) => path)).toEqual([
      '/kpis',
      '/requests',
      '/requests/{requestId}',
      '/quarantine',
      '/ingest-stats',
      '/scores',
      '/targets',
      '/supply',
      '/availability',
      '/gpus',
      '/swaps',
      '/inventory',
      '/contested',
      '/lineage',
      '/lineage/node',
      '/gpu/metrics',
      '/network/demand',
      '/sla/compliance',
      '/datasets',
      '/runs',
      '/runs/{id}/log',
    ]);
  });

  // One node of the lineage has the columns that our own code gives it.
  const paged = lists.filter(({ path }) => path !== '/lineage/node');

  it.each(paged)(
    '$path has a limit with a maximum, a cursor and what is next',
    ({ get, properties }) => {
      const parameters = (get.parameters ?? []).map(parameter =>
        resolved(parameter as { $ref?: string; name?: string; schema?: Node }),
      );
      const named = (name: string) =>
        parameters.find(parameter => parameter.name === name);
      expect(named('limit')?.schema?.maximum).toBeLessThanOrEqual(10_000);
      expect(named('cursor')).toBeDefined();
      expect(resolved(properties.next)).toMatchObject({
        type: ['string', 'null'],
      });
    },
  );

  it.each(paged.filter(({ path }) => !path.includes('{')))(
    '$path answers a cursor that is none with 400, and its last page with null',
    async ({ path }) => {
      const { api } = await startPortal();
      const query = path === '/scores' ? '?by=model' : '?';
      const { body } = await api.get(`${V1}${path}${query}`).expect(200);
      expect(body.next).toBeNull();
      await api.get(`${V1}${path}${query}&cursor=no%20cursor`).expect(400);
    },
  );
});

describe('raw messages', () => {
  const RAW = '{"data":{"auth_id":"secret","clientIP":"203.0.113.7"}}';
  const row = {
    class: 'rejected' as const,
    reason: 'not_json',
    raw_base64: Buffer.from(RAW).toString('base64'),
    raw_length: RAW.length,
    raw_sha256: null,
    seen_at: '2026-01-08T12:00:00.000Z',
    topic: 'network_events',
    partition: 0,
    offset: 7,
    source: 'file',
  };
  const start = async (allow?: (permission: string) => boolean) => {
    const portal = await startPortal({ allow });
    portal.kpiStore.rows = [requestRow('s', 'abc')];
    portal.lakeReader.raw = RAW;
    portal.lakeReader.quarantined = [row];
    portal.lakeReader.messages.set(7, RAW);
    return portal;
  };
  const message = `${V1}/messages/network_events/0/7`;

  it('are in no answer without naap.raw.read', async () => {
    const { api } = await start(name => name !== 'naap.raw.read');
    const request_ = await api.get(`${V1}/requests/abc`).expect(200);
    expect(request_.body).toMatchObject({
      raw_readable: false,
      events: [{ raw: null, raw_length: RAW.length }],
    });
    const quarantine = await api.get(`${V1}/quarantine`).expect(200);
    expect(quarantine.body).toMatchObject({
      raw_readable: false,
      rows: [{ raw_base64: null, raw_length: RAW.length, offset: 7 }],
    });
    const { body } = await api.get(message).expect(403);
    expect(body.error.message).toContain('naap.raw.read');
    // Whatever else may be read without parameters.
    for (const [path, { get }] of Object.entries(spec.paths)) {
      if (!get || path.includes('{')) continue;
      const { text = '' } = await api.get(
        `${V1}${path}${path === '/scores' ? '?by=model' : ''}`,
      );
      expect(text).not.toContain('secret');
      expect(text).not.toContain('203.0.113.7');
      expect(text).not.toContain(row.raw_base64);
    }
  });

  it('are where what is personal stays: no model of the build and no answer has a place for it', async () => {
    const personal = /auth_?id|client_?ip/i;
    const models = join(__dirname, '../../../dbt/models');
    const files = (await readdir(models, { recursive: true })).filter(name =>
      /\.(sql|yml)$/.test(name),
    );
    expect(files.length).toBeGreaterThan(20);
    for (const name of files) {
      const text = await readFile(join(models, name), 'utf8');
      const code = text
        .replace(/\{#[\s\S]*?#\}/g, '')
        .replace(/(--|#) .*/g, '')
        .replace(/description:.*/g, '');
      expect([name, personal.exec(code)?.[0]]).toEqual([name, undefined]);
    }
    const { schemas } = spec.components as { schemas: Record<string, Node> };
    const named = Object.values(schemas).flatMap(schema =>
      Object.keys(propertiesOf(schema)),
    );
    expect(named).toContain('orch_uri');
    expect(named.filter(name => personal.test(name))).toEqual([]);
  });

  it('are there with it, the whole as a download that no browser shows', async () => {
    const { api } = await start();
    const request_ = await api.get(`${V1}/requests/abc`).expect(200);
    expect(request_.body).toMatchObject({
      raw_readable: true,
      events: [{ raw: RAW }],
    });
    const quarantine = await api.get(`${V1}/quarantine`).expect(200);
    expect(quarantine.body).toMatchObject({ raw_readable: true, rows: [row] });
    const { body, headers } = await api.get(message).expect(200);
    expect(body.toString()).toBe(RAW);
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="network_events-0-7"',
      'x-content-type-options': 'nosniff',
    });
    await api.get(`${V1}/messages/network_events/0/8`).expect(404);
    await api.get(`${V1}/messages/network_events/0/-1`).expect(400);
    await api.get(`${V1}/messages/a%0d%0ab/0/1`).expect(400);
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
