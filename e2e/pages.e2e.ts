/**
 * Pipelines, lineage, data quality and definitions against a fake API, in a real browser. Needs the built app and
 * Chromium:
 *
 *     (cd packages/app && npx backstage-cli package build) && node --test e2e/pages.e2e.ts
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import {
  launchBrowser,
  openPage,
  screenshot,
  seriousViolations,
} from './browser.ts';
import type { OpenPage, Theme } from './browser.ts';
import { startFakeApi } from './fakeApi.ts';
import type { FakeApi, Scenario } from './fakeApi.ts';
import { QUARANTINED } from './fakeQuality.ts';

const DIST = fileURLToPath(new URL('../packages/app/dist', import.meta.url));

let browser: Browser;
let api: FakeApi;
let open: OpenPage[] = [];

before(async () => {
  browser = await launchBrowser();
  api = await startFakeApi({ dist: DIST, orchestrators: 40 });
});

afterEach(async () => {
  await Promise.all(open.map(page => page.close()));
  open = [];
  api.scenario = 'normal';
  api.pipelines.mayRun = true;
  api.pipelines.breakAfter = Infinity;
  api.pipelines.pauseMs = 25;
});

after(async () => {
  await browser.close();
  await api.close();
});

async function visit(
  path: string,
  options: Parameters<typeof openPage>[1] = {},
): Promise<OpenPage> {
  const opened = await openPage(browser, options);
  open.push(opened);
  await opened.page.goto(api.url + path);
  return opened;
}

const isHacked = (page: Page) => page.evaluate(() => '__hacked' in window);

/** Everywhere the same: nothing serious for axe, no errors of ours, no wider than the screen. */
async function isSound({ page, errors }: OpenPage) {
  assert.deepEqual(await seriousViolations(page), []);
  // A failed request is always written to the console by the browser itself.
  const ours = errors.filter(
    error => !error.startsWith('Failed to load resource'),
  );
  assert.deepEqual(ours, []);
  const overflow = await page.evaluate(() =>
    Math.max(0, document.documentElement.scrollWidth - window.innerWidth),
  );
  assert.equal(overflow, 0, 'wider than the screen');
  assert.equal(await isHacked(page), false);
}

describe('every state of a page is accessible and free of console errors', () => {
  const looks: Array<{ width: number; height: number; theme: Theme }> = [
    { width: 1280, height: 900, theme: 'light' },
    { width: 390, height: 844, theme: 'dark' },
    { width: 1280, height: 900, theme: 'dark' },
    { width: 390, height: 844, theme: 'light' },
  ];
  const pages: Record<
    string,
    { path: string } & Partial<Record<Scenario, string>>
  > = {
    pipelines: {
      path: '/naap/pipelines',
      normal: 'Commit to the lake',
      wrong: '2 queued',
      empty: 'No steps',
      loading: 'Runs',
      error: 'The steps could not be loaded.',
    },
    run: {
      path: '/naap/pipelines/runs/good',
      normal: 'kpi_latency_hourly',
      error: 'Run good could not be loaded.',
    },
    'failed-run': {
      path: '/naap/pipelines/runs/failed',
      normal: 'Conversion Error',
    },
    lineage: {
      path: '/naap/lineage',
      normal: 'network_events',
      wrong: 'Part of the lineage is missing.',
      empty: 'No lineage yet',
      loading: 'Lineage',
      error: 'The lineage could not be loaded.',
    },
    node: {
      path: '/naap/lineage?node=model.naap.kpi_hourly&column=failed&depth=2',
      normal: 'Comes from',
      wrong: 'failed: unique_kpi_hourly',
    },
    quality: {
      path: '/naap/quality',
      normal: 'of 640',
      wrong: 'of the messages rejected',
      empty: 'No events yet',
      loading: 'Quarantine',
      error: 'The quarantine could not be loaded.',
    },
    definitions: {
      path: '/naap/definitions',
      normal: 'dbt/models/gold/kpi_hourly.sql',
      empty: 'SLA score',
      error: 'The SQL could not be loaded.',
    },
  };
  for (const [name, { path, ...states }] of Object.entries(pages)) {
    for (const [scenario, shows] of Object.entries(states)) {
      // All looks of what is seen every day, and two of the rest.
      for (const look of scenario === 'normal' ? looks : looks.slice(0, 2)) {
        const title = `${name}-${scenario}-${look.width}-${look.theme}`;
        test(title, async () => {
          api.scenario = scenario as Scenario;
          const opened = await visit(path, look);
          await opened.page.getByText(shows).first().waitFor();
          await screenshot(opened.page, `page-${title}`);
          await isSound(opened);
        });
      }
    }
  }
});

describe('pipelines', () => {
  test('run a step only after saying what it will touch, and show its log to the end', async () => {
    const opened = await visit('/naap/pipelines');
    const { page } = opened;
    await page.getByRole('button', { name: 'Run Build gold' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Builds 3 models').waitFor();
    await dialog.getByRole('cell', { name: /fct_requests/ }).waitFor();
    await dialog.getByText('Full rebuild').click();
    await dialog.getByText('Makes all of gold anew').waitFor();
    await screenshot(page, 'page-run-dialog');
    assert.deepEqual(await seriousViolations(page), []);
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await page.waitForURL(/pipelines\/runs\/started-/);
    await page
      .getByText(/4,000 lines, ended/)
      .first()
      .waitFor();
    await page.getByRole('table', { name: 'Models' }).waitFor();
    await page.getByText('failed: not_null_fct_requests_model').waitFor();
    await isSound(opened);
  });

  test('cancel a run that is going, and run it again', async () => {
    api.pipelines.pauseMs = 1000;
    const { page } = await visit('/naap/pipelines');
    await page.getByRole('button', { name: 'Run Sync to ClickHouse' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('2026-01-08').waitFor();
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByText('cancelled').first().waitFor();
    const before = page.url();
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.waitForURL(url => url.href !== before);
    await page.getByText('again by hand').first().waitFor();
  });

  test('follow a log over a broken connection, without a line twice', async () => {
    api.pipelines.breakAfter = 150;
    const { page } = await visit('/naap/pipelines');
    await page.getByRole('button', { name: 'Run Build gold' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Builds 3 models').waitFor();
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await page
      .getByText(/4,000 lines, ended/)
      .first()
      .waitFor();
  });

  test('say which permission is missing, and offer no run', async () => {
    api.pipelines.mayRun = false;
    const { page } = await visit('/naap/pipelines');
    await page.getByText('needs permission naap.pipeline.build').waitFor();
    const run = page.getByRole('button', { name: 'Run Build gold' });
    assert.equal(await run.isDisabled(), true);
    await page.goto(`${api.url}/naap/pipelines/runs/good`);
    await page.getByText('needs permission naap.pipeline.build').waitFor();
    const again = page.getByRole('button', { name: 'Run again' });
    assert.equal(await again.isDisabled(), true);
  });

  test('keep the filters of the history in the URL', async () => {
    const { page } = await visit('/naap/pipelines');
    const runs = page.getByRole('table', { name: 'Runs' });
    await runs.waitFor();
    await page.getByRole('button', { name: /State/ }).click();
    await page.getByRole('option', { name: 'lost' }).click();
    await page.waitForURL(/state=lost/);
    await page.keyboard.press('Escape');
    await runs.getByText('lost').first().waitFor();
    await page.waitForFunction(
      () =>
        document.querySelectorAll('table[aria-label="Runs"] tbody tr')
          .length === 1,
    );
    await page.goBack();
    await page.getByRole('button', { name: 'Show them too' }).click();
    await page.waitForURL(/trigger=loop/);
    await page.getByRole('navigation', { name: 'Pages of runs' }).waitFor();
  });

  test('are on the entity page of the component that a step belongs to', async () => {
    const { page } = await visit('/catalog/default/component/naap-dbt');
    await page.getByText('Pipeline step: Build gold').waitFor();
    await page.getByRole('button', { name: 'Run Build gold' }).waitFor();
    await screenshot(page, 'page-step-card');
  });
});

describe('lineage', () => {
  test('is walked and selected by keyboard, and let go', async () => {
    const { page } = await visit('/naap/lineage');
    await page.locator('[data-node="topic.network_events"]').focus();
    for (const id of ['process.gate', 'bronze.events']) {
      await page.keyboard.press('ArrowRight');
      await page.locator(`[data-node="${id}"]:focus`).waitFor();
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(/node=bronze.events/);
    await page.getByRole('complementary', { name: 'About events' }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL(url => !url.search.includes('node='));
  });

  test('hides what is beyond a depth and says how much', async () => {
    const { page } = await visit('/naap/lineage?node=model.naap.kpi_hourly');
    await page.getByText('none hidden').waitFor();
    await page
      .getByRole('radiogroup', { name: 'Depth around the selection' })
      .getByText('1', { exact: true })
      .click();
    await page.waitForURL(/depth=1/);
    await page.getByText(/\d+ nodes hidden/).waitFor();
    assert.equal(await page.locator('[data-node]').count(), 3);
  });

  test('finds a node, and goes from it to entity, run, columns and SQL', async () => {
    const { page } = await visit('/naap/lineage');
    await page.getByRole('searchbox', { name: 'Search nodes' }).fill('hourly');
    await page.getByText('4 found').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/node=model.naap.kpi_hourly/);
    const panel = page.getByRole('complementary', {
      name: 'About kpi_hourly',
    });
    const link = (name: string) =>
      panel.getByRole('link', { name }).getAttribute('href');
    assert.equal(await link('Last run'), '/naap/pipelines/runs/good');
    assert.equal(
      await link('In the catalog'),
      '/catalog/default/resource/model-naap-kpi_hourly',
    );
    await panel.getByRole('button', { name: /^failed/ }).click();
    await panel.getByRole('button', { name: 'fct_requests.outcome' }).click();
    await page.waitForURL(/node=model.naap.fct_requests.*column=outcome/);
    await page
      .getByRole('group', { name: 'SQL' })
      .filter({ hasText: "'<script>window.__hacked=1</script>'" })
      .waitFor();
    assert.equal(await isHacked(page), false);
  });
});

describe('data quality', () => {
  const list = (page: Page) =>
    page.getByRole('list', { name: 'Messages in quarantine' });

  test('goes from a reason to its messages, whole and as text', async () => {
    const { page } = await visit('/naap/quality');
    await page
      .getByRole('table', { name: 'Reasons' })
      .getByRole('button', { name: 'not_json' })
      .click();
    await page.waitForURL(/reason=not_json/);
    await page.getByText('1 – 25 of 128').waitFor();
    await list(page).getByRole('button').first().click();
    const message = page.getByRole('group', { name: 'Message as it came in' });
    assert.equal(await message.textContent(), QUARANTINED[0].raw.toString());
    assert.equal(await isHacked(page), false);
    assert.deepEqual(await seriousViolations(page), []);
  });

  test('shows what would hide, and copies the message as it came in', async () => {
    const { page } = await visit('/naap/quality?reason=unsupported_type');
    await list(page).getByRole('button').first().focus();
    await page.keyboard.press('Enter');
    await page
      .getByRole('group', { name: 'Message as it came in' })
      .filter({ hasText: '\\u{202e}gnp.exe' })
      .waitFor();
    await page.getByRole('button', { name: 'Copy message' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(
      await page.evaluate(() => navigator.clipboard.readText()),
      QUARANTINED[1].raw.toString(),
    );
  });

  test('shows the first kilobyte of a long message, and gives the whole as a file', async () => {
    const { page } = await visit('/naap/quality?reason=too_large');
    await list(page).getByRole('button').first().click();
    const message = page.getByRole('group', { name: 'Message as it came in' });
    assert.equal((await message.textContent())?.length, 1025);
    await page.getByText('The first 1,024 bytes').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the message' }).click(),
    ]);
    assert.match(
      await readFile(await download.path(), 'utf8'),
      /messages.network_events.0.\d+/,
    );
  });

  test('keeps window, filters and page in the URL', async () => {
    const { page } = await visit('/naap/quality');
    await page.getByRole('radio', { name: '7 d' }).click();
    await page.waitForURL(/window=7d/);
    await page.getByRole('button', { name: /Class/ }).click();
    await page.getByRole('option', { name: 'ignored' }).click();
    await page.waitForURL(/window=7d&class=ignored/);
    await page
      .getByRole('navigation', { name: 'Pages of the quarantine' })
      .getByRole('button', { name: 'Older' })
      .click();
    await page.waitForURL(/class=ignored&page=1/);
    await page.getByText('26 – 50 of 256').waitFor();
    await page.goBack();
    await page.getByText('1 – 25 of 256').waitFor();
  });

  test('leaves as CSV and JSON', async () => {
    const { page } = await visit('/naap/quality?class=rejected');
    const exported = async (what: string, format: string) => {
      await page.getByRole('button', { name: `Export ${what}` }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page
          .getByRole('menu', { name: `Export ${what}` })
          .getByRole('menuitem', { name: format })
          .click(),
      ]);
      return readFile(await download.path(), 'utf8');
    };
    const csv = await exported('messages by class', 'CSV');
    assert.match(
      csv,
      /^hour,read,accepted,duplicate,ignored,rejected,ignored_share,rejected_share,window_from/,
    );
    const { total, rows } = JSON.parse(await exported('quarantine', 'JSON'));
    assert.equal(total, 384);
    assert.equal(rows[0].raw, QUARANTINED[0].raw.toString());
    assert.equal(rows[1].raw, null, 'no UTF-8');
    assert.equal(rows[1].raw_base64, QUARANTINED[2].raw.toString('base64'));
  });
});

describe('definitions', () => {
  test('are reached by the anchor of a KPI, with the focus on its name', async () => {
    const { page } = await visit('/naap/definitions#jitter');
    await page.locator('#jitter h2:focus').waitFor();
    await page
      .getByRole('navigation', { name: 'Definitions' })
      .getByRole('link', { name: 'SLA score' })
      .click();
    await page.locator('#score h2:focus').waitFor();
  });

  test('lead from a column to where it comes from', async () => {
    const { page } = await visit('/naap/definitions');
    await page
      .locator('#failure_rate')
      .getByRole('link', { name: 'failed', exact: true })
      .click();
    await page.waitForURL(/lineage\?node=model.naap.kpi_hourly&column=failed/);
    await page.getByText('Comes from').waitFor();
  });
});
