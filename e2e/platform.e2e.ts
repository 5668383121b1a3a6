/**
 * The whole platform by the real command, from an empty home: `naap up` with its simulated network, its pages in a
 * real browser, and a real event on its way to them.
 *
 *     node --test e2e/platform.e2e.ts
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import {
  launchBrowser,
  openPage,
  screenshot,
  seriousViolations,
} from './browser.ts';
import { Home } from './command.ts';
import { freePort, until } from './waiting.ts';

interface Row {
  requests: number;
  failed: number;
  orchestrator?: string | null;
}

/** An event is served this soon, on this machine with all else that a test run does. */
const SERVED_WITHIN_MS = 60_000;

/** A page is there this soon, however busy the machine is. */
const PAGE_WITHIN_MS = 120_000;

function streamRequest(id: string, at: number): string {
  return JSON.stringify({
    id: `e2e-${id}`,
    type: 'stream_trace',
    timestamp: String(at),
    gateway: 'e2e-gateway-fra',
    data: {
      type: 'gateway_receive_stream_request',
      timestamp: at,
      stream_id: `e2e-${id}`,
      request_id: id,
      orchestrator_info: { address: '', url: '' },
    },
  });
}

describe('naap up', () => {
  let home: Home;
  let browser: Browser;
  let url: string;
  let port: number;

  before(async () => {
    home = await Home.create();
    browser = await launchBrowser();
    port = await freePort();
    const up = await home.run([
      'up',
      '--detach',
      '--port',
      String(port),
      '--events-per-day',
      '40000',
    ]);
    assert.equal(up.code, 0, up.stderr);
    url = up.stdout.trim();
  });

  after(async () => {
    await browser?.close();
    await home.run(['down']);
    await home.remove();
  });

  const kpis = (...args: string[]) =>
    home.json<Row[]>(['kpis', '--format', 'json', ...args]);

  test('serves a day of the simulated network', async () => {
    assert.equal(url, `http://localhost:${port}`);
    const row = await until(
      'the first numbers',
      async () => (await kpis()).find(({ requests }) => requests > 500),
      180_000,
    );
    assert.ok(row.failed > 0);
  });

  test('the Explorer shows it, without errors and accessibly, in both themes', async () => {
    for (const theme of ['light', 'dark'] as const) {
      const { page, errors, close } = await openPage(browser, { theme });
      await page.goto(url);
      await page.getByText('Simulated data.').waitFor();
      const table = page.getByRole('table', { name: 'Orchestrators' });
      await table.locator('tbody tr[data-index="0"]').waitFor();
      assert.equal(new URL(page.url()).pathname, '/naap');
      await screenshot(page, `platform-${theme}`);
      assert.deepEqual(await seriousViolations(page), []);
      assert.deepEqual(errors, []);
      await close();
    }
  });

  test('the scraper finds the nodes of the simulated network', async () => {
    const row = await until(
      'what the scraper found',
      async () =>
        (
          await home.json<
            Array<{ observations: number; reachable: number; masked: number }>
          >(['availability', '--format', 'json'])
        ).find(({ observations }) => observations > 50),
      240_000,
    );
    assert.equal(row.masked, 0);
    assert.ok(row.reachable / row.observations > 0.8);
  });

  test('no page needs what its policy forbids, or anything else that is not there', async () => {
    const answer = await fetch(url);
    const policy = answer.headers.get('content-security-policy');
    assert.match(policy ?? '', /frame-ancestors 'none';.*script-src 'self';/);
    const session = await fetch(`${url}/api/auth/guest/refresh`, {
      method: 'POST',
    });
    const { backstageIdentity } = (await session.json()) as {
      backstageIdentity: { token: string };
    };
    await until(
      'the catalog',
      async () => {
        const entity = await fetch(
          `${url}/api/catalog/entities/by-name/api/default/naap`,
          { headers: { authorization: `Bearer ${backstageIdentity.token}` } },
        );
        return entity.ok || undefined;
      },
      300_000,
    );
    const pages = [
      ['/naap/pipelines', 'Pipelines'],
      ['/naap/lineage', 'Lineage'],
      ['/naap/quality', 'Data quality'],
      ['/naap/definitions', 'Definitions'],
      ['/naap/compare', 'Compare'],
      // It opens on orchestrators.
      ['/catalog', 'All orchestrator'],
      ['/catalog-graph', 'Catalog Graph'],
      ['/search', 'Search'],
      ['/api-docs', 'APIs'],
      ['/catalog/default/component/naap-portal', 'Portal'],
      ['/catalog/default/system/naap', 'NaaP analytics'],
      ['/catalog/default/group/naap-operators', 'NaaP operators'],
      ['/catalog/default/api/naap/definition', 'OAS 3.1'],
    ];
    for (const [path, heading] of pages) {
      const { page, errors, close } = await openPage(browser);
      await page.goto(`${url}${path}`);
      await page
        .getByRole('heading', { name: heading })
        .first()
        .waitFor({ timeout: PAGE_WITHIN_MS });
      await page.getByText('EvalError').waitFor({ state: 'detached' });
      assert.deepEqual(errors, [], path);
      await close();
    }
  });

  test('an event that is brought is served within a minute', async () => {
    const at = Date.now();
    const sent = await home.json<{ accepted: number }>(
      ['ingest', '-'],
      streamRequest('e2e00001', at),
    );
    assert.equal(sent.accepted, 1);
    const [request] = await until(
      'the new request',
      async () => {
        const rows = await home.json<Array<{ request_id: string }>>([
          'requests',
          '--id',
          'e2e00001',
          '--format',
          'json',
        ]);
        return rows.length > 0 ? rows : undefined;
      },
      SERVED_WITHIN_MS,
    );
    assert.equal(request.request_id, 'e2e00001');
    // Bringing it again only makes a duplicate.
    const again = await home.json<{ duplicate: number }>(
      ['ingest', '-'],
      streamRequest('e2e00001', at),
    );
    assert.equal(again.duplicate, 1);
  });

  test('a request opens down to its raw event', async () => {
    const { page, errors, close } = await openPage(browser);
    await page.goto(`${url}/naap/requests/e2e00001`);
    await page.getByRole('heading', { name: /e2e00001/ }).waitFor();
    await page.getByText('e2e-gateway-fra').first().waitFor();
    await screenshot(page, 'platform-request');
    assert.deepEqual(errors, []);
    await close();
  });

  test('a second start on the same home or port is refused in words', async () => {
    const sameHome = await home.run(['up', '--port', String(port)]);
    assert.equal(sameHome.code, 1);
    assert.match(sameHome.stderr, /is up already/);
    const other = await Home.create();
    const samePort = await other.run(['up', '--port', String(port)]);
    await other.remove();
    assert.equal(samePort.code, 1);
    assert.match(samePort.stderr, new RegExp(`port ${port} is in use`));
  });

  test('killed with -9 it starts again without a hand, and nothing is lost', async () => {
    const { requests } = (await kpis())[0];
    const { pid } = JSON.parse(
      await readFile(join(home.path, 'run', 'portal.json'), 'utf8'),
    ) as { pid: number };
    process.kill(pid, 'SIGKILL');
    await until(
      'its end',
      async () => (await home.run(['status'])).code === 1 || undefined,
      10_000,
    );
    // The portal notices that it is alone and lets the home go; the next start waits for that.
    const up = await home.run([
      'up',
      '--detach',
      '--port',
      String(port),
      '--events-per-day',
      '40000',
    ]);
    assert.equal(up.code, 0, up.stderr);
    assert.equal(up.stdout.trim(), url);
    assert.ok((await kpis())[0].requests >= requests);
  });

  test('status tells how fresh it is, and down stops it with nothing lost', async () => {
    const status = await home.run(['status']);
    assert.equal(status.code, 0, status.stderr);
    assert.match(status.stdout, /event to page, p95/);
    const { requests } = (await kpis())[0];
    assert.equal((await home.run(['down'])).code, 0);
    assert.equal((await home.run(['status'])).code, 1);
    // What was served is still there for the CLI.
    assert.ok((await kpis())[0].requests >= requests);
  });
});
