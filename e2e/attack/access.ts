import assert from 'node:assert/strict';
import { HONEST_WINDOW, queryOf } from '../honest.ts';
import { portOf, statusOf } from './target.ts';
import type { Target } from './target.ts';

/** Hosts by which a page of a stranger may reach a portal of this machine. */
const FOREIGN_HOSTS: readonly string[] = [
  'attacker.example',
  'attacker.example:PORT',
  'localhost.attacker.example:PORT',
  'attacker.example.localhost.:PORT',
  '127.0.0.1.attacker.example:PORT',
  'localhost:PORT@attacker.example',
  'attacker.example#localhost:PORT',
  'localhost:PORT, attacker.example',
  'localhost,attacker.example',
  'localhost:PORT.attacker.example',
  'xn--localhost-.example:PORT',
  '169.254.169.254',
  '10.0.0.1:PORT',
  '[::ffff:10.0.0.1]:PORT',
  '[2001:db8::1]:PORT',
  `${'a'.repeat(5000)}.example`,
  '',
];

/** Hosts of this machine, however they are written. */
const OWN_HOSTS: readonly string[] = [
  'localhost:PORT',
  'LOCALHOST:PORT',
  '127.0.0.1:PORT',
  '[::1]:PORT',
];

const PATHS = ['/', '/api/naap/v1/datasets', '/api/auth/guest/refresh'];

/** No page of a stranger reaches the portal by another host. */
export async function hosts({ portal }: Target): Promise<void> {
  const port = portOf(portal);
  const status = (path: string, host: string, more = '') => {
    const method = path.endsWith('refresh') ? 'POST' : 'GET';
    const head = [
      `${method} ${path} HTTP/1.1`,
      `Host: ${host.replaceAll('PORT', String(port))}`,
      'Content-Length: 0',
      'Connection: close',
    ];
    return statusOf(port, `${head.join('\r\n')}\r\n${more}\r\n`);
  };
  const assertRefused = (answered: number, what: string) =>
    assert.ok(answered === 0 || (answered >= 400 && answered < 500), what);

  for (const path of PATHS) {
    for (const host of FOREIGN_HOSTS) {
      const answered = await status(path, host);
      assertRefused(answered, `${path} at '${host.slice(0, 60)}': ${answered}`);
    }
    for (const host of OWN_HOSTS) {
      const answered = await status(path, host);
      assert.ok(answered < 400 || answered === 429, `${host}: ${answered}`);
    }
    // Nobody was asked to pass a host on.
    const passed = await status(
      path,
      'attacker.example',
      `X-Forwarded-Host: localhost:${port}\r\nForwarded: host=localhost:${port}\r\n`,
    );
    assertRefused(passed, `${path}: ${passed}`);
  }
  for (const head of [
    'GET http://attacker.example/api/naap/v1/datasets HTTP/1.1\r\nHost: attacker.example',
    `GET http://attacker.example/api/naap/v1/datasets HTTP/1.1\r\nHost: localhost:${port}`,
    `GET /api/naap/v1/datasets HTTP/1.1\r\nHost: localhost:${port}\r\nHost: attacker.example`,
    'GET /api/naap/v1/datasets HTTP/1.1',
    'GET /api/naap/v1/datasets HTTP/1.0',
  ]) {
    const answered = await statusOf(
      port,
      `${head}\r\nConnection: close\r\n\r\n`,
    );
    assertRefused(answered, `${head}: ${answered}`);
  }
}

const TASKS: Record<string, string[]> = {
  naap: [
    'naap-schedule-maintain',
    'naap-schedule-scrape',
    'naap-loop',
    'naap-prune-runs',
  ],
  catalog: ['naap-catalog-refresh', 'catalog_orphan_cleanup'],
  search: ['search_index_software_catalog'],
};

/** Guests start nothing by the scheduler's own route, however it is spelled; not in development either, where they may run steps by others. */
export async function scheduler({ portal }: Target): Promise<void> {
  for (const [plugin, tasks] of Object.entries(TASKS)) {
    for (const task of tasks) {
      const root = `/api/${plugin}/.backstage/scheduler/v1/tasks`;
      for (const path of [
        `${root}/${task}/trigger`,
        `${root}/${task}/trigger/`,
        `${root}//${task}/trigger`,
        `${root}/${task}/trigger?a=b`,
        `${root}/${task.replace(/[-_]/, '%2d')}/trigger`,
        `${root.replace('.backstage', '%2ebackstage')}/${task}/trigger`,
        `${root.replace('/scheduler/', '/Scheduler/')}/${task}/TRIGGER`,
      ]) {
        const guest = await portal.ask(path, { as: 'guest', method: 'POST' });
        assert.ok(
          [403, 404].includes(guest.status),
          `${path}: ${guest.status}`,
        );
        const nobody = await portal.ask(path, { as: 'nobody', method: 'POST' });
        assert.ok([401, 404].includes(nobody.status), `${path} by nobody`);
      }
    }
  }
  const { rows } = await portal.get<{
    rows: Array<{ step: string; trigger: string; startedBy: string }>;
  }>('/runs?limit=500');
  const byGuests = rows.filter(({ startedBy }) => /guest/.test(startedBy));
  assert.deepEqual(byGuests, []);
}

interface Coordinates {
  topic: string;
  partition: number;
  offset: number;
}

/** Guests may read, run steps in development, and nothing more; raw messages only in development. */
export async function guests({ portal, mode }: Target): Promise<void> {
  const isTrusted = mode === 'development';
  await portal.push('no message at all\n');
  await portal.run('commit');
  const post = (path: string, body: object) =>
    portal.ask(path, {
      as: 'guest',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const location = {
    type: 'url',
    target: 'https://attacker.example/catalog-info.yaml',
  };
  for (const [path, body] of [
    ['/api/catalog/locations', location],
    ['/api/catalog/locations?dryRun=true', location],
    ['/api/catalog/analyze-location', { location }],
    ['/api/catalog/refresh', { entityRef: 'system:default/naap' }],
  ] as const) {
    assert.equal((await post(path, body)).status, 403, path);
  }
  const step = await post('/api/naap/v1/runs', { step: 'sync' });
  assert.equal(step.status, isTrusted ? 202 : 403);

  const listed = await portal.get<{
    raw_readable: boolean;
    rows: Array<Coordinates & { raw_base64: string | null }>;
  }>('/quarantine?limit=5', 'guest');
  assert.equal(listed.raw_readable, isTrusted);
  assert.ok(listed.rows.length > 0);
  for (const { raw_base64: raw, topic, partition, offset } of listed.rows) {
    assert.equal(raw !== null, isTrusted);
    const path = `/messages/${topic}/${partition}/${offset}`;
    const { status } = await portal.api(path, { as: 'guest' });
    assert.equal(status, isTrusted ? 200 : 403);
    assert.equal((await portal.api(path, { as: 'nobody' })).status, 401);
  }
  const { rows } = await portal.get<{ rows: Array<Record<string, string>> }>(
    `/requests?${queryOf(HONEST_WINDOW)}&limit=1`,
    'guest',
  );
  const { request_id: id, stream_id: stream } = rows[0];
  const detail = await portal.get<{
    raw_readable: boolean;
    events: Array<{ raw: string | null }>;
  }>(`/requests/${id}?stream_id=${stream}`, 'guest');
  assert.equal(detail.raw_readable, isTrusted);
  assert.ok(detail.events.length > 0);
  assert.ok(detail.events.every(({ raw }) => (raw !== null) === isTrusted));
  assert.equal((await portal.api('/quarantine', { as: 'nobody' })).status, 401);
}
