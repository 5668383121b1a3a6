/**
 * The pages against a fake API, in a real browser. Needs the built app and Chromium:
 *
 *     (cd packages/app && npx backstage-cli package build) && node --test e2e/explorer.e2e.ts
 */
import assert from 'node:assert/strict';
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
import type { FakeApi } from './fakeApi.ts';
import { HOSTILE_MODEL } from './fakeNetwork.ts';

const DIST = fileURLToPath(new URL('../packages/app/dist', import.meta.url));

let browser: Browser;
let api: FakeApi;
let open: OpenPage[] = [];

before(async () => {
  browser = await launchBrowser();
  api = await startFakeApi({ dist: DIST, orchestrators: 1000 });
});

afterEach(async () => {
  await Promise.all(open.map(page => page.close()));
  open = [];
  api.scenario = 'normal';
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

const orchestrators = (page: Page) =>
  page.getByRole('table', { name: 'Orchestrators' });
const firstRow = (page: Page) =>
  orchestrators(page).locator('tbody tr[data-index="0"]');

const sizes = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
];
const themes: Theme[] = ['light', 'dark'];

test('the frame of the page is there before any script, and goes when the app has its own', async () => {
  const { page } = await openPage(browser);
  open.push({ page, errors: [], close: () => page.context().close() });
  let send!: () => void;
  const sent = new Promise<void>(resolve => (send = resolve));
  await page.route('**/*.js', async route => {
    await sent;
    await route.continue();
  });
  await page.goto(`${api.url}/naap`, { waitUntil: 'commit' });
  const frame = page.locator('#shell');
  await frame.locator('nav').waitFor();
  assert.equal(await page.locator('#root > *').count(), 0);
  send();
  await firstRow(page).waitFor();
  assert.equal(await frame.isVisible(), false);
});

describe('every state, size and theme is accessible and free of console errors', () => {
  const states = [
    {
      name: 'explorer',
      scenario: 'normal',
      path: '/naap?region=fra',
      shows: 'Selection',
    },
    {
      name: 'wrong',
      scenario: 'wrong',
      path: '/naap',
      shows: 'Simulated data.',
    },
    {
      name: 'empty',
      scenario: 'empty',
      path: '/naap',
      shows: 'No events yet',
    },
    { name: 'loading', scenario: 'loading', path: '/naap', shows: 'Network' },
    {
      name: 'error',
      scenario: 'error',
      path: '/naap',
      shows: 'The key figures could not be loaded.',
    },
    {
      name: 'request',
      scenario: 'normal',
      path: '/naap/requests/',
      shows: 'Time line',
    },
  ] as const;
  for (const state of states) {
    for (const size of sizes) {
      for (const theme of themes) {
        const name = `${state.name}-${size.width}-${theme}`;
        test(name, async () => {
          const path =
            state.name === 'request' ? await requestPath() : state.path;
          api.scenario = state.scenario;
          const { page, errors } = await visit(path, { ...size, theme });
          await page.getByText(state.shows).first().waitFor();
          if (state.name === 'explorer') {
            await firstRow(page).waitFor();
          }
          await screenshot(page, name);
          assert.deepEqual(await seriousViolations(page), []);
          // A failed request is always written to the console by the browser itself.
          const ours = errors.filter(
            error => !error.startsWith('Failed to load resource'),
          );
          assert.deepEqual(ours, []);
          assert.equal(await overflow(page), 0, 'wider than the screen');
        });
      }
    }
  }
});

function overflow(page: Page): Promise<number> {
  return page.evaluate(() =>
    Math.max(0, document.documentElement.scrollWidth - window.innerWidth),
  );
}

async function requestPath(): Promise<string> {
  const response = await fetch(`${api.url}/api/naap/v1/requests?outcome=ok`);
  const { rows } = (await response.json()) as {
    rows: Array<{ request_id: string; stream_id: string }>;
  };
  const [{ request_id, stream_id }] = rows;
  return `/naap/requests/${request_id}?region=fra&stream_id=${stream_id}`;
}

describe('Explorer', () => {
  test('is the landing page', async () => {
    const { page } = await visit('/');
    await page.waitForURL('**/naap');
    await page.getByRole('article', { name: /Output FPS/ }).waitFor();
  });

  test('says first how the network is, beside the period before', async () => {
    const { page } = await visit('/naap');
    const first = page.locator('main h2').first();
    await first.getByText(/Livepeer AI network, last 24 h/).waitFor();
    const words = (await first.textContent())?.replaceAll('\u202f', ' ');
    assert.match(
      words ?? '',
      /^Livepeer AI network, last 24 h: [\d,]+ requests, [\d.]+ % not failed, 1,000 of 1,000 orchestrators served, 4 models; failure rate .*[\d.]+ %/,
    );
  });

  test('leads from who changed the most to the scorecard', async () => {
    const { page } = await visit('/naap');
    const fallen = page.getByRole('list', { name: 'Down most' });
    await fallen.getByRole('listitem').nth(2).waitFor();
    const words = (await fallen.getByRole('listitem').allTextContents()).map(
      text => text.replaceAll('\u202f', ' '),
    );
    assert.equal(words.length, 3);
    for (const text of words) {
      assert.match(text, /0x.*−[\d.]+ [\d.]+ → [\d.]+n [\d,]+ → [\d,]+/);
    }
    await fallen.getByRole('link').first().click();
    await page.waitForURL(/\/catalog\/default\/resource\/orchestrator/);
  });

  test('goes down from tile to raw event, and back with the filters', async () => {
    const { page } = await visit('/naap?window=7d');
    await page.getByRole('button', { name: 'Swap rate', exact: true }).click();
    await page.waitForURL(/sort=swap_rate%3Adesc/);
    await firstRow(page).locator('[data-control="requests"]').click();
    await page.waitForURL(/orchestrator=0x/);
    await page.getByText('Selection').waitFor();
    await page
      .getByRole('table', { name: 'Requests' })
      .getByRole('link')
      .first()
      .click();
    await page.getByText('Time line').waitFor();
    const event = page.getByRole('button', {
      name: /gateway receive stream request/,
    });
    await event.click();
    await page.locator('pre', { hasText: '"stream_trace"' }).waitFor();
    await page
      .getByRole('main')
      .getByRole('link', { name: 'Explorer' })
      .click();
    await page.waitForURL(/naap\?window=7d&orchestrator=0x.*sort=swap_rate/);
  });

  test('draws an hour in twelve points, and the one that runs', async () => {
    const { page } = await visit('/naap?window=1h');
    await page
      .getByRole('img', {
        name: /Inference failure rate by five minutes, \d+ of 1[23] steps of five minutes with data/,
      })
      .first()
      .waitFor();
    await page
      .getByRole('heading', { name: 'Trends' })
      .scrollIntoViewIfNeeded();
    await page.getByText('By 5 min').first().waitFor();
    await screenshot(page, 'explorer-1h');
  });

  test('says that it is offline, until it is not', async () => {
    const { page } = await visit('/naap');
    await firstRow(page).waitFor();
    await page.context().setOffline(true);
    const notice = page.getByText('You are offline.');
    await notice.waitFor({ timeout: 10_000 });
    assert.equal(await firstRow(page).isVisible(), true);
    await page.context().setOffline(false);
    await notice.waitFor({ state: 'detached' });
  });

  test('undoes a filter by the back button of the browser', async () => {
    const { page } = await visit('/naap');
    await firstRow(page).waitFor();
    await page.getByRole('radio', { name: '7 d' }).click();
    await page.waitForURL(/window=7d/);
    await page.goBack();
    await page.waitForURL(/naap$/);
    await page.getByRole('radio', { name: '24 h', checked: true }).waitFor();
    await page.goForward();
    await page.getByRole('radio', { name: '7 d', checked: true }).waitFor();
  });

  test('chooses a value of a filter by keyboard', async () => {
    const { page } = await visit('/naap');
    await firstRow(page).waitFor();
    await page.getByRole('button', { name: /Region/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByPlaceholder('Search region').waitFor();
    await page.keyboard.type('sea');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/region=sea/);
  });

  test('reaches rows beyond the ones in view by arrow keys', async () => {
    const { page } = await visit('/naap');
    await firstRow(page).locator('[data-control="requests"]').focus();
    for (let i = 0; i < 30; i += 1) {
      await page.keyboard.press('ArrowDown');
      await page
        .locator(`tr[data-index="${i + 1}"] [data-control="requests"]:focus`)
        .waitFor();
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(/orchestrator=0x/);
  });

  test('shows texts of events as text', async () => {
    const { page } = await visit(
      `/naap?model=${encodeURIComponent(HOSTILE_MODEL)}`,
    );
    await firstRow(page).waitFor();
    await orchestrators(page)
      .getByTitle(HOSTILE_MODEL, { exact: true })
      .first()
      .waitFor();
    assert.equal(await page.evaluate(() => '__hacked' in window), false);
    assert.equal(await page.locator('main img').count(), 0);
  });

  test('takes new numbers without moving or blinking', async () => {
    const { page } = await visit('/naap');
    await firstRow(page).waitFor();
    await page.getByRole('table', { name: 'Requests' }).waitFor();
    await page.evaluate(() => {
      const record = { shift: 0, skeletons: 0 };
      Object.assign(window, { __record: record });
      new PerformanceObserver(list => {
        for (const entry of list.getEntries()) {
          record.shift += (entry as unknown as { value: number }).value;
        }
      }).observe({ type: 'layout-shift', buffered: false });
      new MutationObserver(() => {
        record.skeletons += document.querySelectorAll(
          '[aria-label^="Loading"]',
        ).length;
      }).observe(document.body, { childList: true, subtree: true });
    });
    const refreshed = page.waitForResponse(response =>
      response.url().includes('by=hour'),
    );
    api.sync();
    await refreshed;
    // Two frames: what the answer changes is painted then.
    await page.evaluate(
      () =>
        new Promise(resolve =>
          requestAnimationFrame(() => requestAnimationFrame(resolve)),
        ),
    );
    const record = await page.evaluate(
      () =>
        (
          window as unknown as {
            __record: { shift: number; skeletons: number };
          }
        ).__record,
    );
    assert.deepEqual(record, { shift: 0, skeletons: 0 });
  });

  test('a click at 1,000 orchestrators draws the table once, not the page', async () => {
    const { page } = await visit('/naap');
    await firstRow(page).waitFor();
    // The facets are the largest answer; sorting is measured with all of it on the page.
    await orchestrators(page).getByText('RTX 4090').first().waitFor();
    const cdp = await page.context().newCDPSession(page);
    // The page's own processor time: a busy machine must not fail the test.
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    const worked = async () => {
      const { metrics } = await cdp.send('Performance.getMetrics');
      return metrics.find(metric => metric.name === 'TaskDuration')?.value ?? 0;
    };
    const times: number[] = [];
    for (const name of ['FPS', 'Failures', 'CUE, est.', 'Jitter', 'E2E']) {
      const before = await worked();
      await orchestrators(page)
        .getByRole('button', { name, exact: true })
        .evaluate(
          (button: HTMLElement) =>
            new Promise(resolve => {
              button.click();
              // After the paint of the frame.
              requestAnimationFrame(() => setTimeout(resolve, 0));
            }),
        );
      times.push((await worked()) - before);
    }
    const milliseconds = times.map(seconds => Math.round(seconds * 1000));
    console.log(`sort at 1,000 orchestrators, ms: ${milliseconds.join(', ')}`);
    const [, , median] = [...milliseconds].sort((a, b) => a - b);
    // The limit on an idle machine is 100; drawing everything anew takes over 400.
    assert.ok(median < 250, `median ${median} ms`);
  });
});
