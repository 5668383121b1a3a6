/**
 * Who may what, over all plugins of the real portal (its layers are fake, see replica.ts): in production, in development,
 * and as a member of `naap-operators`. What a new version of Backstage brings fails here until it is decided.
 *
 *     node --test e2e/access.e2e.ts
 */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ROOT } from './command.ts';
import { buildBundle, OPERATOR, Replica } from './replicaProcess.ts';
import { freePort } from './waiting.ts';

const PLUGINS = [
  'app',
  'auth',
  'catalog',
  'events',
  'mcp-actions',
  'naap',
  'permission',
  'search',
];
/** Routes that Backstage gives to plugins or to the root, by what follows `/.backstage/`; each is decided below. */
const DECIDED = ['actions', 'auth', 'health', 'scheduler'];
const TASKS = '/.backstage/scheduler/v1/tasks';
const STEPS = [
  'scrape',
  'commit',
  'build',
  'sync',
  'maintain',
  'compare',
  'replay',
];
const CONNECTOR_ACTIONS = ['pause', 'resume', 'restart'];
const READS = [
  'catalog.entity.read',
  'catalog.ingestion.read',
  'catalog.location.read',
  'naap.kpi.read',
  'naap.pipeline.read',
];
const UID = '00000000-0000-4000-8000-000000000000';
const RUN = { step: 'maintain' };
const LOCATION = { type: 'url', target: 'https://evil.example/x.yaml' };
const ENTITY = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'evil' },
  spec: { type: 'service', lifecycle: 'production', owner: 'evil' },
};

/** What changes something, and who has no right to is told 403. */
const CATALOG_WRITES: Array<[method: string, path: string, body?: object]> = [
  ['POST', '/locations', LOCATION],
  ['POST', '/locations?dryRun=true', LOCATION],
  ['DELETE', `/locations/${UID}`],
  ['POST', '/refresh', { entityRef: 'component:default/naap' }],
  ['DELETE', `/entities/by-uid/${UID}`],
  ['POST', '/analyze-location', { location: LOCATION }],
  [
    'POST',
    '/validate-entity',
    { entity: ENTITY, location: 'url:https://x.example' },
  ],
];

const MODES = {
  production: { env: { NODE_ENV: 'production' }, runs: false, operates: false },
  development: {
    env: { NODE_ENV: 'development' },
    runs: true,
    operates: false,
  },
  operator: {
    env: {
      NODE_ENV: 'production',
      APP_CONFIG_auth_providers_guest_ownershipEntityRefs: JSON.stringify([
        'user:development/guest',
        'group:default/naap-operators',
      ]),
    },
    runs: true,
    operates: true,
  },
};

test('every route that Backstage has for itself is decided', async () => {
  const found = new Set<string>();
  const scope = join(ROOT, 'node_modules/@backstage');
  const packages = (await readdir(scope)).filter(name =>
    /^(?:backend-|plugin-.*(?:backend|node))/.test(name),
  );
  for (const name of packages) {
    const dist = join(scope, name, 'dist');
    const files = await readdir(dist, { recursive: true }).catch(() => []);
    for (const file of files.filter(path => path.endsWith('.cjs.js'))) {
      const source = await readFile(join(dist, file), 'utf8');
      for (const [, route] of source.matchAll(/\/\.backstage\/([a-z-]+)/g)) {
        found.add(route);
      }
    }
  }
  assert.deepEqual([...found].sort(), DECIDED);
});

for (const [mode, { env, runs, operates }] of Object.entries(MODES)) {
  describe(`the portal, ${mode}`, () => {
    let folder: string;
    let portal: Replica;
    let guest: string;

    const ask = (
      path: string,
      options: { method?: string; token?: string; body?: object } = {},
    ) =>
      fetch(`${portal.url}${path}`, {
        method: options.method ?? 'GET',
        headers: {
          ...(options.token && { authorization: `Bearer ${options.token}` }),
          'content-type': 'application/json',
        },
        body: options.body && JSON.stringify(options.body),
      });
    /** The pages answer where no route of their plugin does. */
    const isPage = (answer: Response) =>
      /html/.test(answer.headers.get('content-type') ?? '');
    const statusOf = async (...args: Parameters<typeof ask>) => {
      const answer = await ask(...args);
      await answer.arrayBuffer();
      return isPage(answer) ? 404 : answer.status;
    };
    /** The last one that somebody asked for. */
    const lastRun = async () => {
      const answer = await ask('/api/naap/v1/runs?trigger=manual&limit=1', {
        token: guest,
      });
      const { rows } = (await answer.json()) as {
        rows: Array<{ startedBy: string; trigger: string }>;
      };
      return rows.at(0);
    };

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'naap-access-'));
      buildBundle('replica');
      portal = new Replica(folder, await freePort(), { env });
      await portal.isReady();
      guest = await portal.signIn();
    });
    after(async () => {
      await portal?.end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    });

    test('tasks of the scheduler, in every plugin', async () => {
      for (const plugin of PLUGINS) {
        const routes: Array<[string, string]> = [
          ['GET', TASKS],
          ['POST', `${TASKS}/naap-prune-runs/trigger`],
          ['POST', `${TASKS}/naap-prune-runs/cancel`],
          ['POST', `${TASKS.toUpperCase()}/naap-prune-runs/trigger/`],
        ];
        for (const [method, route] of routes) {
          const path = `/api/${plugin}${route}`;
          const what = `${method} ${path}`;
          const nobody = await statusOf(path, { method });
          assert.ok([401, 404].includes(nobody), `${what}: ${nobody}`);
          const status = await statusOf(path, { method, token: guest });
          if (!operates) {
            assert.ok([403, 404].includes(status), `${what}: ${status}`);
          } else if (plugin === 'naap' && method === 'GET') {
            assert.equal(status, 200);
          }
        }
      }
    });

    test('a scheduled step that somebody triggers says who', async () => {
      const path = `/api/naap${TASKS}/naap-schedule-maintain/trigger`;
      const ofGuest = await statusOf(path, { method: 'POST', token: guest });
      assert.equal(ofGuest, operates ? 200 : 403);
      if (operates) {
        const run = await lastRun();
        assert.equal(run?.startedBy, 'user:development/guest');
        assert.equal(run?.trigger, 'manual');
      } else {
        assert.equal(await lastRun(), undefined);
      }
      const ofOperator = await statusOf(path, {
        method: 'POST',
        token: OPERATOR,
      });
      assert.equal(ofOperator, 200);
      assert.ok(await lastRun());
    });

    test('runs, by the API, by actions and by agents', async () => {
      const expected = runs ? 202 : 403;
      const run = { method: 'POST', token: guest, body: RUN };
      assert.equal(await statusOf('/api/naap/v1/runs', run), expected);
      for (const version of ['v1', 'v2']) {
        const invoked = await statusOf(
          `/api/naap/.backstage/actions/${version}/actions/naap:run-step/invoke`,
          { ...run, body: version === 'v1' ? RUN : { input: RUN } },
        );
        assert.equal(invoked, runs ? 200 : 403);
      }
      const agent = await fetch(`${portal.url}/api/mcp-actions/v1`, {
        method: 'POST',
        headers: {
          accept: 'application/json, text/event-stream',
          authorization: `Bearer ${guest}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: 'naap.run-step', arguments: RUN },
        }),
      });
      const told = await agent.text();
      assert.equal(/naap\.pipeline\.maintain/.test(told), !runs, told);
      // Actions of other plugins are nobody's.
      for (const plugin of PLUGINS.filter(id => id !== 'naap')) {
        const path = `/api/${plugin}/.backstage/actions/v1/actions`;
        const list = await ask(path, { token: guest });
        const { actions = [] } = (await list.json().catch(() => ({}))) as {
          actions?: unknown[];
        };
        assert.deepEqual(actions, [], plugin);
      }
      const registered = await statusOf(
        '/api/catalog/.backstage/actions/v1/actions/catalog:register-entity/invoke',
        { method: 'POST', token: guest, body: {} },
      );
      assert.equal(registered, 404);
    });

    test('the catalog is read only', async () => {
      for (const [method, path, body] of CATALOG_WRITES) {
        const status = await statusOf(`/api/catalog${path}`, {
          method,
          token: guest,
          body,
        });
        assert.ok([403, 404].includes(status), `${method} ${path}: ${status}`);
      }
      const read = { token: guest };
      assert.equal(await statusOf('/api/catalog/entities', read), 200);
    });

    test('of all permissions that plugins name, these', async () => {
      const permissions: Array<{ name: string; type: string }> = [];
      for (const plugin of PLUGINS) {
        const answer = await ask(
          `/api/${plugin}/.well-known/backstage/permissions/metadata`,
          { token: guest },
        );
        if (!answer.ok || isPage(answer)) continue;
        const metadata = (await answer.json()) as {
          permissions: Array<{ name: string; type: string }>;
        };
        permissions.push(...metadata.permissions);
      }
      assert.ok(permissions.length > 10, `${permissions.length} permissions`);
      const scheduler = {
        type: 'basic',
        name: 'portal.scheduler',
        attributes: {},
      };
      const items = [...permissions, scheduler].map((permission, i) => ({
        id: String(i),
        permission,
        ...(permission.type === 'resource' && {
          resourceRef: 'component:default/naap',
        }),
      }));
      const answer = await ask('/api/permission/authorize', {
        method: 'POST',
        token: guest,
        body: { items },
      });
      assert.equal(answer.status, 200, await answer.clone().text());
      const decisions = (await answer.json()) as {
        items: Array<{ id: string; result: string }>;
      };
      const allowed = decisions.items
        .filter(({ result }) => result !== 'DENY')
        .map(({ id }) => items[Number(id)].permission.name);
      assert.deepEqual(
        [...new Set(allowed)].sort(),
        [
          ...READS,
          ...(runs
            ? [
                'naap.raw.read',
                ...STEPS.map(step => `naap.pipeline.${step}`),
                ...CONNECTOR_ACTIONS.map(one => `naap.connector.${one}`),
              ]
            : []),
          ...(operates ? [scheduler.name] : []),
        ].sort(),
      );
    });

    test('only who means this portal is answered, but for whether it is well', async () => {
      const statusFor = (
        path: string,
        headers: Record<string, string>,
        method = 'GET',
      ) =>
        new Promise<number>((resolve, reject) => {
          const { port } = new URL(portal.url);
          request(
            { host: '127.0.0.1', port, path, method, headers },
            answer => {
              answer.resume();
              resolve(answer.statusCode ?? 0);
            },
          )
            .once('error', reject)
            .end();
        });
      const evil = { host: 'evil.example' };
      const paths = ['/', '/naap', '/metrics', '/api/naap/v1/kpis'];
      for (const path of [...paths, '/api/auth/guest/refresh', '/nowhere']) {
        assert.equal(await statusFor(path, evil), 421, path);
      }
      for (const path of [
        '/.backstage/health/v1/liveness',
        '/.backstage/health/v1/readiness',
        '/api/naap/v1/health/live',
        '/api/naap/v1/health/ready',
      ]) {
        assert.equal(await statusFor(path, evil), 200, path);
      }
      const page = { host: 'localhost', origin: 'https://evil.example' };
      const signIn = '/api/auth/guest/refresh';
      assert.equal(await statusFor(signIn, page, 'POST'), 403);
      assert.equal(await statusFor(signIn, { host: '[::1]' }, 'POST'), 200);
    });
  });
}
