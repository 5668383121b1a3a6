/**
 * What people come to the portal for, on the real platform from an empty home: down from a number to its raw events,
 * side by side, run and cancel a step, where numbers come from, and what a guest may not do.
 *
 *     node --test e2e/journey.e2e.ts
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import {
  launchBrowser,
  openPage,
  screenshot,
  seriousViolations,
} from './browser.ts';
import type { OpenPage, Theme } from './browser.ts';
import { Home } from './command.ts';
import { freePort, until } from './waiting.ts';

type Row = Record<string, number | string | null> & {
  startup_ms: { mean: number | null };
  ptff_ms: { mean: number | null };
  e2e_ms: { mean: number | null };
};

const HOUR_MS = 3_600_000;
const themes: Theme[] = ['light', 'dark'];

let home: Home;
let browser: Browser;
let url: string;
let port: number;
let open: OpenPage[] = [];
/** A window of whole hours that no live event changes any more. */
let settled: { from: string; to: string };

before(async () => {
  home = await Home.create();
  browser = await launchBrowser();
  port = await freePort();
  url = await start();
  const now = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const hour = (ago: number) => new Date(now - ago * HOUR_MS).toISOString();
  settled = { from: hour(20), to: hour(3) };
  // The past day comes in pieces: before the last of them hours that are over still change.
  await until(
    'the whole day',
    async () => ((await freshness()) < 5 * 60_000 ? true : undefined),
    180_000,
  );
});

afterEach(async () => {
  await Promise.all(open.map(page => page.close()));
  open = [];
});

after(async () => {
  await browser?.close();
  await home.run(['down']);
  await home.remove();
});

async function start(env: NodeJS.ProcessEnv = {}): Promise<string> {
  const up = await home.run(
    ['up', '--detach', '--port', String(port), '--events-per-day', '40000'],
    undefined,
    env,
  );
  assert.equal(up.code, 0, up.stderr);
  return up.stdout.trim();
}

/** Age of what is served, ms. */
async function freshness(): Promise<number> {
  const file = join(home.path, 'run', 'portal.json');
  const { token } = JSON.parse(await readFile(file, 'utf8'));
  const response = await fetch(`${url}/api/naap/v1/freshness`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  const { freshnessMs } = await response.json();
  return freshnessMs ?? Infinity;
}

const kpis = (...args: string[]) =>
  home.json<Row[]>(['kpis', '--format', 'json', ...args]);

/** A page of its own; `checked` looks at what it wrote to the console. */
async function visit(
  path: string,
  options: Parameters<typeof openPage>[1] = {},
): Promise<OpenPage> {
  const opened = await openPage(browser, options);
  open.push(opened);
  await opened.page.goto(url + path);
  return opened;
}

const settledQuery = () =>
  new URLSearchParams({ window: 'custom', ...settled }).toString();

const rowsOf = (page: Page, table: string) =>
  page.getByRole('table', { name: table }).locator('tbody tr[data-index]');

/** The number and the unit at the start of a text such as "p50 4.66 s". */
function shownIn(text: string): { value: number; step: number } {
  const [, digits, unit] =
    /(-?[\d,]*\.?\d+)\s*(fps|ms|s|min|h|%)?/.exec(
      text.replaceAll('\u202f', ' ').replaceAll(/\bp\d\d\b/g, ''),
    ) ?? [];
  assert.ok(digits, `no number in "${text}"`);
  const scale =
    { ms: 1, s: 1000, min: 60_000, h: HOUR_MS, '%': 0.01 }[unit ?? ''] ?? 1;
  const decimals = digits.split('.')[1]?.length ?? 0;
  return {
    value: Number(digits.replaceAll(',', '')) * scale,
    step: 10 ** -decimals * scale,
  };
}

/** KPI tiles by their heading and the column of `naap kpis` that is large in them. */
const TILES: Array<[string, (row: Row) => number | string | null]> = [
  ['Output FPS', row => row.fps_mean],
  ['Prompt-to-first-frame', row => row.ptff_ms.mean],
  ['E2E stream latency', row => row.e2e_ms.mean],
  ['Startup time', row => row.startup_ms.mean],
  ['Jitter coefficient', row => row.jitter_mean],
  ['Inference failure rate', row => row.failure_rate],
  ['Swap rate', row => row.swap_rate],
  ['CUDA efficiency (CUE)', row => row.cue],
];

/** Every tile of a page says, as exactly as it is written there, what `naap kpis` says. */
async function assertTilesEqual(page: Page, row: Row): Promise<void> {
  for (const [name, read] of TILES) {
    const tile = page.getByRole('article', {
      name: new RegExp(`^${escape(name)}`),
    });
    await tile.waitFor();
    const expected = read(row);
    const text = (await tile.innerText()).slice(name.length);
    if (expected === null) {
      assert.match(text, /–/, name);
      continue;
    }
    const { value, step } = shownIn(text);
    assert.ok(
      Math.abs(value - Number(expected)) <= step * 0.5 + 1e-9,
      `${name}: the page says ${value}, the command ${expected}`,
    );
    assert.ok(
      Number(expected) === 0 || value !== 0 || step > Number(expected),
      `${name}: not zero`,
    );
  }
}

const escape = (text: string) => text.replace(/[()]/g, '\\$&');

describe('on the way down', () => {
  test('a reader goes from a number to the raw event, and back with the filters', async () => {
    const { page, errors } = await visit(`/naap?${settledQuery()}`);
    await page.getByText('Simulated data.').waitFor();
    await rowsOf(page, 'Orchestrators').first().waitFor();
    await page.getByRole('button', { name: /Model$/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByPlaceholder('Search model').waitFor();
    await page.keyboard.type('sdxl');
    await page.getByRole('option', { name: /sdxl/ }).first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/[?&]model=/);
    // The first takes back what was searched for, the second closes the list.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByPlaceholder('Search model').waitFor({ state: 'hidden' });
    await page.getByText('Selection').first().waitFor();
    await rowsOf(page, 'Orchestrators')
      .first()
      .locator('[data-control="requests"]')
      .click();
    await page.waitForURL(/orchestrator=0x/);
    await page
      .getByRole('table', { name: 'Requests' })
      .getByRole('link')
      .first()
      .click();
    await page.getByText('Time line').waitFor();
    await page
      .getByRole('button', { name: /gateway receive stream request/ })
      .click();
    await page.locator('pre', { hasText: '"stream_trace"' }).waitFor();
    await screenshot(page, 'journey-request');
    await page
      .getByRole('main')
      .getByRole('link', { name: 'Explorer' })
      .click();
    await page.waitForURL(/orchestrator=0x/);
    assert.match(page.url(), /model=/);
    assert.deepEqual(errors, []);
  });

  test('an orchestrator sees its scorecard in the catalog, with the numbers of the command', async () => {
    const rows = await kpis(
      '--by',
      'orchestrator',
      '--from',
      settled.from,
      '--to',
      settled.to,
    );
    const busiest = rows
      .filter(row => row.orchestrator !== null)
      .sort((a, b) => Number(b.requests) - Number(a.requests))[0];
    const { page, errors } = await visit(`/naap?${settledQuery()}`);
    const name = page.locator(
      `a[data-control="name"][title="${busiest.orchestrator}"]`,
    );
    await name.waitFor();
    const href = await name.getAttribute('href');
    assert.match(href ?? '', /\/catalog\/default\/resource\//);
    await until(
      'the orchestrator in the catalog',
      async () => {
        await page.goto(
          `${url}${href
            ?.split('?')[0]
            .replace(/\/scorecard$/, '')}/scorecard?${settledQuery()}`,
        );
        return (await page
          .getByRole('article', { name: /^Output FPS/ })
          .waitFor({ timeout: 5_000 })
          .then(() => true)
          .catch(() => undefined)) as true | undefined;
      },
      90_000,
    );
    await assertTilesEqual(page, busiest);
    await screenshot(page, 'journey-scorecard');
    assert.deepEqual(await seriousViolations(page), []);
    assert.deepEqual(
      errors.filter(error => !error.startsWith('Failed to load resource')),
      [],
    );
  });

  test('a gateway compares orchestrators side by side', async () => {
    const { page, errors } = await visit(`/naap?${settledQuery()}`);
    const rows = rowsOf(page, 'Orchestrators');
    await rows.nth(1).waitFor();
    for (const index of [0, 1]) {
      await rows.nth(index).locator('[data-control="pick"]').check();
    }
    await page.getByRole('link', { name: 'Compare 2' }).click();
    await page.waitForURL(/\/naap\/compare\?/);
    assert.equal(
      new URL(page.url()).searchParams.getAll('orchestrator').length,
      2,
    );
    await page.getByText('Inference failure rate').first().waitFor();
    await screenshot(page, 'journey-compare');
    assert.deepEqual(await seriousViolations(page), []);
    assert.deepEqual(errors, []);
  });
});

describe('every number on a page is that of the command', () => {
  test('for windows and filters that chance picks', async t => {
    const seed = Number(process.env.NAAP_SEED ?? Date.now() % 1e6);
    t.diagnostic(`NAAP_SEED=${seed}`);
    const random = randomOf(seed);
    const models = (await kpis('--by', 'model')).map(row => row.model);
    const regions = (await kpis('--by', 'region')).map(row => row.region);
    const pick = <T>(values: T[]): T =>
      values[Math.floor(random() * values.length)];
    const { page, errors } = await visit('/naap');
    for (let round = 0; round < 6; round++) {
      const end = Date.parse(settled.to) - Math.floor(random() * 8) * HOUR_MS;
      const begin = end - (1 + Math.floor(random() * 9)) * HOUR_MS;
      const window = {
        from: new Date(begin).toISOString(),
        to: new Date(end).toISOString(),
      };
      const query = new URLSearchParams({ window: 'custom', ...window });
      const args = ['--from', window.from, '--to', window.to];
      for (const [name, values] of [
        ['model', models],
        ['region', regions],
      ] as const) {
        const value = pick(values);
        if (random() < 0.5 && typeof value === 'string') {
          query.set(name, value);
          args.push(`--${name}`, value);
        }
      }
      const [row] = await kpis(...args);
      await page.goto(`${url}/naap?${query}`);
      if (!row || Number(row.requests) === 0) continue;
      await assertTilesEqual(page, row);
    }
    assert.deepEqual(errors, []);
  });
});

function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('the operator', () => {
  test('triggers a build, told before what it will touch, and watches its log', async () => {
    const { page, errors } = await visit('/naap/pipelines');
    await runStep(page, 'Build gold', { full: true });
    const log = page.getByRole('log', { name: 'Lines of the log' });
    await log
      .getByText(/kpi_hourly/)
      .first()
      .waitFor({ timeout: 60_000 });
    await page.getByText('succeeded').first().waitFor({ timeout: 60_000 });
    await screenshot(page, 'journey-run');
    assert.deepEqual(await seriousViolations(page), []);
    assert.deepEqual(errors, []);
  });

  test('cancels a run', async () => {
    const { page, errors } = await visit('/naap/pipelines');
    await runStep(page, 'Build gold', { full: true });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByText('cancelled').first().waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Run again' }).waitFor();
    assert.deepEqual(errors, []);
  });

  test('follows the lineage to a model, its columns and its SQL', async () => {
    const { page, errors } = await visit('/naap/lineage');
    await page.getByPlaceholder('Search nodes').fill('kpi_hourly');
    await page.keyboard.press('Enter');
    const about = page.getByRole('complementary', { name: /kpi_hourly/ });
    await about.getByRole('heading', { name: 'Columns' }).waitFor();
    await about.getByLabel('SQL', { exact: true }).waitFor();
    await screenshot(page, 'journey-lineage');
    assert.deepEqual(await seriousViolations(page), []);
    assert.deepEqual(errors, []);
  });
});

/** Presses Run of a step, reads what it will touch, and runs it; ends on the page of the run. */
async function runStep(
  page: Page,
  step: string,
  { full = false } = {},
): Promise<void> {
  const row = page.getByRole('listitem').filter({ hasText: step });
  await row.getByRole('button', { name: 'Run' }).click();
  const dialog = page.getByRole('dialog');
  if (full) await dialog.getByRole('checkbox').check({ force: true });
  await dialog.getByText('What it will touch').waitFor();
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForURL(/\/naap\/pipelines\/runs\//);
}

describe('every page', () => {
  const pages = {
    explorer: '/naap',
    pipelines: '/naap/pipelines',
    lineage: '/naap/lineage',
    quality: '/naap/quality',
    definitions: '/naap/definitions',
  };
  for (const [name, path] of Object.entries(pages)) {
    for (const theme of themes) {
      test(`${name} is accessible and free of errors in ${theme}`, async () => {
        const { page, errors } = await visit(path, { theme });
        await page.getByRole('heading').first().waitFor();
        await page.waitForLoadState('networkidle');
        await screenshot(page, `journey-${name}-${theme}`);
        assert.deepEqual(await seriousViolations(page), []);
        assert.deepEqual(errors, []);
      });
    }
  }
});

describe('a guest in production', () => {
  before(async () => {
    assert.equal((await home.run(['down'])).code, 0);
    await start({
      NODE_ENV: 'production',
      // The configuration of Backstage takes this from the environment.
      APP_CONFIG_app_autoGuestSignIn: 'false',
    });
  });

  test('signs in, reads, and is refused to run anything', async () => {
    const { page } = await visit('/naap/pipelines');
    await page.getByRole('button', { name: /Enter/ }).click();
    const row = page.getByRole('listitem').filter({ hasText: 'Build gold' });
    await row.getByText(/needs permission naap\.pipeline\.build/).waitFor();
    assert.equal(
      await row.getByRole('button', { name: 'Run' }).isDisabled(),
      true,
    );
    await screenshot(page, 'journey-guest');
    // Who goes around the page is refused too, by name, and it is on record.
    const refused = await page.evaluate(async () => {
      const { backstageIdentity } = await (
        await fetch('/api/auth/guest/refresh', {
          headers: { 'X-Requested-With': 'XMLHttpRequest' },
        })
      ).json();
      const response = await fetch('/api/naap/v1/runs', {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Authorization: `Bearer ${backstageIdentity.token}`,
        },
        body: JSON.stringify({ step: 'build' }),
      });
      return { status: response.status, body: await response.text() };
    });
    assert.equal(refused.status, 403);
    assert.match(refused.body, /naap\.pipeline\.build/);
    const log = await readFile(join(home.path, 'run', 'up.log'), 'utf8');
    assert.match(log, /naap\.run-start/);
  });
});
