/**
 * The API by the real command, against its document: schemathesis asks all that the document allows and more, and every
 * route that changes something is refused.
 *
 *     ./naap test api        installs schemathesis first; after that node --test e2e/api.e2e.ts
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Home, ROOT } from './command.ts';
import { freePort, until } from './waiting.ts';

const SCHEMATHESIS = join(
  process.env.NAAP_TOOLS ?? join(ROOT, '.tools'),
  'api-venv/bin/schemathesis',
);
const HOUR_MS = 3_600_000;
/** For each operation. */
const EXAMPLES = 15;

interface Document {
  openapi: string;
  servers: Array<{ url: string }>;
  paths: Record<string, Record<string, object>>;
}

describe('the API of naap up', () => {
  let home: Home;
  let url: string;
  let token: string;
  let document: Document;

  const api = (path: string, init: RequestInit = {}, bearer?: string) =>
    fetch(`${url}/api/naap/v1${path}`, {
      ...init,
      headers: {
        ...init.headers,
        ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
      },
    });

  before(async () => {
    home = await Home.create();
    const to = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS;
    const network = await home.run([
      'simulate',
      '--from',
      new Date(to - 3 * HOUR_MS).toISOString(),
      '--to',
      new Date(to).toISOString(),
      '--events-per-day',
      '40000',
    ]);
    // From a file they are no simulated network: the portal is in production, where guests only read.
    await home.json(['ingest', '-'], network.stdout);
    await home.json(['build']);
    await home.json(['sync']);
    const up = await home.run([
      'up',
      '--detach',
      '--port',
      String(await freePort()),
    ]);
    assert.equal(up.code, 0, up.stderr);
    const record = JSON.parse(
      await readFile(join(home.path, 'run/portal.json'), 'utf8'),
    );
    ({ url, token } = record);
    document = await (await api('/openapi.json')).json();
  });

  after(async () => {
    await home.run(['down']);
    await home.remove();
  });

  test('its document says where it is', () => {
    assert.equal(document.openapi, '3.1.0');
    assert.deepEqual(document.servers, [{ url: '/api/naap/v1' }]);
  });

  test('refuses every route that changes something, to guests and to who has no token', async () => {
    const signedIn = await fetch(`${url}/api/auth/guest/refresh`, {
      method: 'POST',
    });
    const guest = (await signedIn.json()).backstageIdentity.token;
    assert.equal((await api('/kpis', {}, guest)).status, 200);
    // The loop runs every step once after a start.
    const run = await until(
      'a run',
      async () => {
        const { rows } = await (await api('/runs', {}, token)).json();
        return rows[0] as { id: string } | undefined;
      },
      60_000,
    );
    const refused: string[] = [];
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const name of Object.keys(operations)) {
        const method = name.toUpperCase();
        if (method === 'GET') continue;
        const at = path.replace('{step}', 'build').replace('{id}', run.id);
        const init = {
          method,
          headers: { 'content-type': 'application/json' },
          body: at === '/runs' ? '{"step":"build"}' : '{}',
        };
        const none = await api(at, init);
        assert.equal(none.status, 401, `${method} ${path} without a token`);
        const asGuest = await api(at, init, guest);
        // Who may bring events is a matter of sources' tokens, not of permissions.
        assert.equal(
          asGuest.status,
          path === '/events' ? 401 : 403,
          `${method} ${path} as guest: ${await asGuest.text()}`,
        );
        refused.push(`${method} ${path}`);
      }
    }
    assert.ok(refused.length >= 6, refused.join());
    const runs = await (await api('/runs?trigger=manual', {}, token)).json();
    assert.deepEqual(runs.rows, []);
  });

  test('answers by its document whatever it is asked, and never with 5xx', async () => {
    const args = [
      'run',
      `${url}/api/naap/v1/openapi.json`,
      '--header',
      `Authorization: Bearer ${token}`,
      '--include-method',
      'GET',
      // It ends when its run ends.
      '--exclude-path-regex',
      '/stream$',
      '--phases',
      'fuzzing',
      '--max-examples',
      String(EXAMPLES),
      '--generation-deterministic',
      '--checks',
      [
        'not_a_server_error',
        'status_code_conformance',
        'content_type_conformance',
        'response_headers_conformance',
        'response_schema_conformance',
        'ignored_auth',
      ].join(),
      '--continue-on-failure',
      '--request-timeout',
      '30',
      '--no-color',
    ];
    // It leaves a folder where it is started.
    const ran = await execute(SCHEMATHESIS, args, home.path);
    assert.equal(ran.code, 0, ran.output.slice(-8_000));
  });

  test('limits who has no token, and nobody else', async () => {
    let answer = await api('/datasets');
    for (let i = 0; i < 130 && answer.status === 200; i++) {
      answer = await api('/datasets');
    }
    assert.equal(answer.status, 429);
    assert.ok(Number(answer.headers.get('retry-after')) > 0);
    assert.equal((await api('/datasets', {}, token)).status, 200);
  });
});

async function execute(
  program: string,
  args: string[],
  cwd: string,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(program, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PYTHONPATH: join(ROOT, 'e2e'),
      PYTHONDONTWRITEBYTECODE: '1',
      SCHEMATHESIS_HOOKS: 'api_hooks',
    },
  });
  let output = '';
  child.stdout.on('data', data => (output += data));
  child.stderr.on('data', data => (output += data));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, output };
}
