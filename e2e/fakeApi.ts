import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { FreshnessAnswer } from '../plugins/naap-common/src/api.ts';
import type {
  AnswerMeta,
  KpiDimension,
  KpiFilters,
  RequestRow,
} from '../packages/serving/src/contract/index.ts';
import { FakeCatalog } from './fakeCatalog.ts';
import { fakeEvents } from './fakeEvents.ts';
import { answerLineage } from './fakeLineage.ts';
import {
  fakeNetwork,
  fakeNetworkBefore,
  fakeRequests,
  fakeRow,
  filterMembers,
  groupMembers,
} from './fakeNetwork.ts';
import { FakePipelines } from './fakePipelines.ts';
import { answerQuality } from './fakeQuality.ts';
import {
  fakeContested,
  fakeGpus,
  fakeInventory,
  fakeScores,
  fakeAvailability,
  fakeSwaps,
  fakeTargets,
} from './fakeScorecard.ts';

/** What the API is like: `loading` never answers, `error` answers 500, `wrong` has something wrong with everything. */
export type Scenario = 'normal' | 'empty' | 'loading' | 'error' | 'wrong';

export interface FakeApi {
  url: string;
  scenario: Scenario;
  readonly pipelines: FakePipelines;
  /** Pretends that another sync has finished. */
  sync(): void;
  close(): Promise<void>;
}

const FILTERS = ['orchestrator', 'model', 'gateway', 'region', 'gpu'] as const;
/** The requests that a KPI counts, of those that the tests look at; of the others it is all. */
const COUNTED: Record<string, (row: RequestRow) => boolean> = {
  failure_rate: row => row.outcome === 'failed',
  swap_rate: row => row.swapped,
  ptff: row => row.ptff_ms !== null && !row.overlay,
};
const HOUR_MS = 3_600_000;
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/**
 * Serves the built portal and, under /api, a network out of thin air. For tests of the pages alone: numbers are
 * plausible, but not additive.
 *
 * @param dist - Folder of the built app.
 */
export async function startFakeApi(options: {
  dist: string;
  orchestrators: number;
}): Promise<FakeApi> {
  const network = fakeNetwork(options.orchestrators);
  const networkBefore = fakeNetworkBefore(network);
  const requests = fakeRequests(network, 600, Date.now());
  const catalog = new FakeCatalog(network);
  let syncedAt = new Date().toISOString();

  const api: FakeApi = {
    url: '',
    scenario: 'normal',
    pipelines: new FakePipelines(),
    sync: () => {
      syncedAt = new Date().toISOString();
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  function served() {
    const empty = api.scenario === 'empty';
    const wrong = api.scenario === 'wrong';
    const now = Date.now();
    return {
      build: empty
        ? null
        : {
            id: 'build-1',
            at: syncedAt,
            tests: { passed: 240, failed: wrong ? 2 : 0, warned: 0 },
          },
      watermark: empty
        ? null
        : new Date(now - (wrong ? 42 * 60_000 : 18_000)).toISOString(),
      syncedAt: empty ? null : syncedAt,
      firstHour: empty ? null : new Date(now - 72 * HOUR_MS).toISOString(),
      lastHour: empty
        ? null
        : new Date(Math.floor(now / HOUR_MS) * HOUR_MS).toISOString(),
      simulated: wrong,
    };
  }

  function meta(params: URLSearchParams): AnswerMeta {
    return {
      ...served(),
      freshnessMs: 18_000,
      window: {
        from: params.get('from'),
        to: params.get('to'),
        grain: '1h',
        state: 'provisional',
      },
    };
  }

  function filtersOf(params: URLSearchParams): KpiFilters {
    const filters: KpiFilters = {};
    for (const name of FILTERS) {
      const values = params.getAll(name);
      if (values.length) {
        filters[name] = values.map(value => (value === '~' ? null : value));
      }
    }
    return filters;
  }

  /** A window that ends an hour ago or before finds the network as it was. */
  function networkOf(params: URLSearchParams) {
    const to = Date.parse(params.get('to') ?? '');
    return to <= Date.now() - HOUR_MS ? networkBefore : network;
  }

  function kpis(params: URLSearchParams) {
    const members = filterMembers(networkOf(params), filtersOf(params));
    const by = (params.get('by')?.split(',') ?? []) as KpiDimension[];
    const from = Date.parse(params.get('from') ?? '');
    const to = Date.parse(params.get('to') ?? '');
    const grain = by.find(
      name => name === 'slot' || name === 'hour' || name === 'day',
    );
    if (!grain) {
      const rows = by.length ? groupMembers(members, by) : [fakeRow(members)];
      return { meta: meta(params), rows, next: null };
    }
    const others = by.filter(name => name !== grain);
    const step = { slot: HOUR_MS / 12, hour: HOUR_MS, day: 24 * HOUR_MS }[
      grain as 'slot' | 'hour' | 'day'
    ];
    const first = Math.floor(from / step) * step;
    const count = Math.ceil((to - first) / step);
    const rows = Array.from({ length: count }, (_, i) =>
      groupMembers(members, others, 1 / count, Math.sin(i / 3)).map(row => ({
        [grain]: new Date(first + i * step).toISOString(),
        ...row,
      })),
    );
    // An hour without a request has no row.
    return {
      meta: meta(params),
      rows: rows.filter((_, i) => i % 11 !== 4).flat(),
      next: null,
    };
  }

  function answer(path: string, params: URLSearchParams): unknown {
    if (path === '/kpis') {
      return kpis(params);
    }
    if (path === '/requests') {
      const filters = filtersOf(params);
      const outcomes = params.getAll('outcome');
      const counts = COUNTED[params.get('kpi') ?? ''] ?? (() => true);
      const from = params.get('from') ?? '';
      const rows = requests.filter(
        row =>
          row.requested_at >= from &&
          (!outcomes.length || outcomes.includes(row.outcome)) &&
          counts(row) &&
          FILTERS.every(name => filters[name]?.includes(row[name]) ?? true),
      );
      if (params.get('kpi') === 'ptff') {
        rows.sort((a, b) => Number(b.ptff_ms) - Number(a.ptff_ms));
      }
      const offset = Number(params.get('cursor') ?? params.get('offset') ?? 0);
      const end = offset + Number(params.get('limit') ?? 50);
      return {
        meta: meta(params),
        total: rows.length,
        rows: rows.slice(offset, end),
        next: end < rows.length ? String(end) : null,
      };
    }
    if (path.startsWith('/requests/')) {
      const id = decodeURIComponent(path.slice('/requests/'.length));
      const request = requests.find(row => row.request_id === id);
      return (
        request && {
          meta: meta(params),
          request,
          raw_readable: true,
          events: fakeEvents(request),
          next: null,
        }
      );
    }
    if (path === '/dimensions') {
      const asked = FILTERS.filter(
        name => (params.get('dimension') ?? name) === name,
      );
      const search = (params.get('search') ?? '').toLowerCase();
      const all = asked.map(name => ({
        name,
        found: [...new Set(network.map(member => member[name]))]
          .filter(value => (value ?? '').toLowerCase().includes(search))
          .map(value => ({
            value,
            requests: network
              .filter(member => member[name] === value)
              .reduce((sum, member) => sum + member.requests, 0),
          }))
          .sort((a, b) => b.requests - a.requests),
      }));
      return {
        meta: meta(params),
        values: Object.fromEntries(
          all.map(({ name, found }) => [name, found.slice(0, 100)]),
        ),
        totals: Object.fromEntries(
          all.map(({ name, found }) => [name, found.length]),
        ),
        next: null,
      };
    }
    if (path === '/scores') {
      const by = params.get('by') as 'orchestrator' | 'model' | 'gpu';
      const members = filterMembers(networkOf(params), filtersOf(params));
      return {
        meta: meta(params),
        rows: fakeScores(members, by),
        next: null,
      };
    }
    if (path === '/targets') {
      return { meta: meta(params), rows: fakeTargets(network), next: null };
    }
    if (path === '/swaps') {
      const rows = fakeSwaps(network, filtersOf(params));
      return { meta: meta(params), rows, next: null };
    }
    if (path === '/gpus') {
      const members = filterMembers(network, filtersOf(params));
      return {
        meta: meta(params),
        rows: fakeGpus(members, Date.now()),
        next: null,
      };
    }
    if (path === '/availability') {
      return { meta: meta(params), rows: fakeAvailability(params), next: null };
    }
    if (path === '/inventory') {
      return fakeInventory(network, meta(params), Date.now());
    }
    if (path === '/contested') {
      return fakeContested(network, meta(params), Date.now());
    }
    if (path.startsWith('/messages/')) {
      return { whole: path };
    }
    if (path === '/freshness') {
      const freshness: FreshnessAnswer = {
        ...served(),
        freshnessMs: 18_000,
        eventToServedP95Ms: 31_000,
        storage: { freeBytes: 50e9, full: false },
        loop: {
          running: null,
          lastCommitAt: syncedAt,
          lastBuildAt: syncedAt,
          lastSyncAt: syncedAt,
          lastError:
            api.scenario === 'wrong'
              ? {
                  step: 'build',
                  message: `dbt exited with code 2: ${'x'.repeat(300)}`,
                  at: syncedAt,
                }
              : null,
        },
      };
      return freshness;
    }
    return undefined;
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname.startsWith('/api/auth/guest/refresh')) {
      sendJson(response, 200, guestSession());
    } else if (url.pathname.startsWith('/api/naap/v1')) {
      if (api.scenario === 'loading') {
        return;
      }
      const path = url.pathname.slice('/api/naap/v1'.length);
      const { scenario, pipelines } = api;
      if (
        scenario !== 'error' &&
        (await pipelines.answer(scenario, path, url, request, response))
      ) {
        return;
      }
      const body =
        scenario === 'error'
          ? undefined
          : answerLineage(scenario, path, url.searchParams) ??
            answerQuality(
              scenario,
              path,
              url.searchParams,
              meta(url.searchParams),
            ) ??
            answer(path, url.searchParams);
      if (body) {
        sendJson(response, 200, body);
      } else {
        const status = api.scenario === 'error' ? 500 : 404;
        sendJson(response, status, {
          error: {
            name: status === 500 ? 'ServingError' : 'NotFoundError',
            message:
              status === 500
                ? 'ClickHouse does not answer: connection refused'
                : 'There is no such request',
          },
          response: { statusCode: status },
        });
      }
    } else if (url.pathname.startsWith('/api/catalog')) {
      const body = await catalog.answer(request, url);
      sendJson(response, body ? 200 : 404, body ?? {});
    } else if (url.pathname.startsWith('/api/')) {
      sendJson(response, 200, { items: [], totalItems: 0, pageInfo: {} });
    } else {
      await sendFile(response, options.dist, url.pathname, api.url);
    }
  });
  await new Promise<void>(resolve =>
    server.listen(0, '127.0.0.1', () => resolve()),
  );
  api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return api;
}

function sendJson(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** The app's files; every other path is a page of the app, with the config in it as app-backend puts it there. */
async function sendFile(
  response: ServerResponse,
  dist: string,
  pathname: string,
  url: string,
) {
  const isFile =
    extname(pathname) !== '' && !/^\/(naap|catalog)\//.test(pathname);
  const name = isFile ? normalize(pathname) : 'index.html';
  let content: Buffer | string;
  try {
    content = await readFile(join(dist, name));
  } catch {
    response.writeHead(404).end();
    return;
  }
  if (name === 'index.html') {
    const config = {
      app: { title: 'NaaP', baseUrl: url, autoGuestSignIn: true },
      backend: { baseUrl: url },
      auth: { environment: 'development' },
    };
    const script = `<script type="backstage.io/config">${JSON.stringify([
      { context: 'e2e', data: config },
    ])}</script>`;
    content = content.toString().replace('</head>', `${script}</head>`);
  }
  response.writeHead(200, {
    'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
  });
  response.end(content);
}

function guestSession() {
  const payload = Buffer.from(
    JSON.stringify({ exp: Math.floor(Date.now() / 1000) + 3600 }),
  ).toString('base64url');
  return {
    profile: {},
    backstageIdentity: {
      token: `e30.${payload}.x`,
      identity: {
        type: 'user',
        userEntityRef: 'user:development/guest',
        ownershipEntityRefs: ['user:development/guest'],
      },
    },
  };
}
