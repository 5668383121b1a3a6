/**
 * The API by the real command, against its document, in production and in development: schemathesis asks all that the
 * document allows and more, `fuzz.ts` what has no bounds, and every route that changes something is refused.
 *
 *     ./naap test api        installs schemathesis first; after that node --test e2e/api.e2e.ts
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Home, ROOT } from './command.ts';
import { fuzz } from './fuzz.ts';
import type { Document } from './fuzz.ts';
import { jsonOf, Portal } from './portal.ts';
import { until } from './waiting.ts';

const SCHEMATHESIS = join(
  process.env.NAAP_TOOLS ?? join(ROOT, '.tools'),
  'api-venv/bin/schemathesis',
);
const HOUR_MS = 3_600_000;
/** For each operation. */
const EXAMPLES = 15;

let home: Home;

/** Three hours of a network, from a file, so that they are no simulated ones. */
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
  await home.json(['ingest', '-'], network.stdout);
  await home.json(['build']);
  await home.json(['sync']);
});

after(() => home.remove());

for (const mode of ['production', 'development'] as const) {
  describe(`the API of naap up in ${mode}`, () => {
    let portal: Portal;
    let document: Document;

    before(async () => {
      portal = await Portal.up(home, mode);
      document = await portal.get<Document>('/openapi.json', 'nobody');
    });

    after(() => portal?.down());

    test('its document says where it is', () => {
      assert.equal(document.openapi, '3.1.0');
      assert.deepEqual(document.servers, [{ url: '/api/naap/v1' }]);
    });

    test('refuses every route that changes something, to who has no token and to guests in production', async () => {
      assert.equal((await portal.api('/kpis', { as: 'guest' })).status, 200);
      // The loop runs every step once after a start.
      const run = await until(
        'a run',
        async () => {
          const { rows } = await portal.get<{ rows: Array<{ id: string }> }>(
            '/runs',
          );
          return rows.at(0);
        },
        60_000,
      );
      const manual = async () =>
        (await portal.get<{ total: number }>('/runs?trigger=manual')).total;
      const before = await manual();
      const refused: string[] = [];
      for (const [path, operations] of Object.entries(document.paths)) {
        for (const name of Object.keys(operations)) {
          const method = name.toUpperCase();
          if (method === 'GET') continue;
          const at = path
            .replace('{step}', 'build')
            .replace('{id}', run.id)
            .replace('{connector}', 'bronze-events')
            .replace('{action}', 'pause');
          const question = {
            method,
            headers: { 'content-type': 'application/json' },
            body: at === '/runs' ? '{"step":"build"}' : '{}',
          };
          const none = await portal.api(at, { ...question, as: 'nobody' });
          assert.equal(none.status, 401, `${method} ${path} without a token`);
          // Who may bring events is a matter of sources' tokens, not of permissions.
          const isUpload = path === '/events';
          if (mode === 'production' || isUpload) {
            const guest = await portal.api(at, { ...question, as: 'guest' });
            assert.equal(
              guest.status,
              isUpload ? 401 : 403,
              `${method} ${path} as guest: ${guest.body}`,
            );
          }
          refused.push(`${method} ${path}`);
        }
      }
      assert.ok(refused.length >= 6, refused.join());
      assert.equal(await manual(), before);
    });

    test('answers by its document whatever it is asked, and never with 5xx', async () => {
      const args = [
        'run',
        `${portal.record.url}/api/naap/v1/openapi.json`,
        '--header',
        `Authorization: Bearer ${portal.record.token}`,
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

    test('takes texts and numbers without bounds for what they are: wrong, and never 5xx', async () => {
      const { asked, faults } = await fuzz(portal, document);
      process.stderr.write(`${asked} questions without bounds\n`);
      assert.deepEqual(faults.slice(0, 20), [], `${faults.length} faults`);
      assert.equal((await portal.api('/health/live')).status, 200);
    });

    test('limits who has no token, and nobody else', async () => {
      const ask = () => portal.api('/datasets', { as: 'nobody' });
      let answer = await ask();
      for (let i = 0; i < 130 && answer.status === 200; i++) {
        answer = await ask();
      }
      assert.equal(answer.status, 429);
      assert.ok(Number(answer.headers.get('retry-after')) > 0);
      assert.match(
        jsonOf<{ error: { name: string } }>(answer).error.name,
        /TooMany/,
      );
      assert.equal((await portal.api('/datasets')).status, 200);
    });
  });
}

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
