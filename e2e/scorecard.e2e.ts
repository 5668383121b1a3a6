/**
 * Scorecards, the comparison and the way down to raw events, against a fake API in a real browser. Needs the built app
 * and Chromium:
 *
 *     (cd packages/app && npx backstage-cli package build) && node --test e2e/scorecard.e2e.ts
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { KPI_IDS } from '../packages/serving/src/contract/kpis.ts';
import {
  modelEntityName,
  orchestratorEntityName,
} from '../plugins/naap-common/src/entityNames.ts';
import {
  launchBrowser,
  openPage,
  screenshot,
  seriousViolations,
} from './browser.ts';
import type { OpenPage, Theme } from './browser.ts';
import { startFakeApi } from './fakeApi.ts';
import type { FakeApi, Scenario } from './fakeApi.ts';
import { SILENT_ORCHESTRATOR } from './fakeCatalog.ts';
import { fakeNetwork, HOSTILE_MODEL } from './fakeNetwork.ts';

const DIST = fileURLToPath(new URL('../packages/app/dist', import.meta.url));
const ORCHESTRATORS = 12;
const MODEL = 'streamdiffusion-sdxl';

/** Busiest first, by what the fake network gives them. */
const busiest = [
  ...new Set(
    fakeNetwork(ORCHESTRATORS)
      .filter(member => member.orchestrator !== null)
      .sort((a, b) => b.requests - a.requests)
      .map(member => String(member.orchestrator)),
  ),
];
const [FIRST, SECOND, THIRD] = busiest;

const scorecardOf = (name: string) =>
  `/catalog/default/resource/${name}/scorecard`;
const ORCHESTRATOR_PATH = scorecardOf(orchestratorEntityName(FIRST));
const compare = (...ids: string[]) =>
  `/naap/compare?${ids.map(id => `orchestrator=${id}`).join('&')}`;

let browser: Browser;
let api: FakeApi;
let open: OpenPage[] = [];

before(async () => {
  browser = await launchBrowser();
  api = await startFakeApi({ dist: DIST, orchestrators: ORCHESTRATORS });
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

/** Brings every panel that waits to be seen. */
async function scrollThrough(page: Page) {
  for (const id of ['trend', 'requests', 'gpus', 'swaps', 'availability']) {
    await page
      .locator(`#${id}`)
      .evaluateAll(panels => panels.forEach(panel => panel.scrollIntoView()));
    await page.locator(`#${id} [aria-label^="Loading"]`).waitFor({
      state: 'detached',
    });
  }
  await page.evaluate(() => window.scrollTo(0, 0));
}

async function failedRequest(): Promise<string> {
  const response = await fetch(
    `${api.url}/api/naap/v1/requests?outcome=failed`,
  );
  const { rows } = (await response.json()) as {
    rows: Array<{ request_id: string; stream_id: string }>;
  };
  const [{ request_id, stream_id }] = rows;
  return `/naap/requests/${request_id}?stream_id=${stream_id}`;
}

describe('every state, size and theme is accessible and free of console errors', () => {
  const states: Array<{
    name: string;
    path: string | (() => Promise<string>);
    shows: string | RegExp;
    scenario?: Scenario;
  }> = [
    { name: 'orchestrator', path: ORCHESTRATOR_PATH, shows: 'of 100' },
    {
      name: 'model',
      path: `${scorecardOf(modelEntityName(MODEL))}?window=7d&kpi=ptff`,
      shows: 'of 100',
    },
    {
      name: 'scorecard-silent',
      path: scorecardOf(orchestratorEntityName(SILENT_ORCHESTRATOR)),
      shows: 'No request of this orchestrator in this window',
    },
    {
      name: 'scorecard-wrong',
      path: ORCHESTRATOR_PATH,
      shows: 'Stale numbers.',
      scenario: 'wrong',
    },
    {
      name: 'scorecard-error',
      path: ORCHESTRATOR_PATH,
      shows: 'The scorecard could not be loaded.',
      scenario: 'error',
    },
    {
      name: 'overview',
      path: ORCHESTRATOR_PATH.replace('/scorecard', ''),
      shows: 'Whole scorecard',
    },
    {
      name: 'compare',
      path: compare(FIRST, SECOND, THIRD),
      shows: 'Network median',
    },
    {
      name: 'compare-none',
      path: '/naap/compare',
      shows: 'No orchestrator chosen',
    },
    {
      name: 'compare-error',
      path: compare(FIRST, SECOND),
      shows: 'The key figures could not be loaded.',
      scenario: 'error',
    },
    { name: 'failed-request', path: failedRequest, shows: ', not excused' },
  ];
  const sizes = [
    { width: 1280, height: 900 },
    { width: 390, height: 844 },
  ];
  for (const state of states) {
    for (const size of sizes) {
      for (const theme of ['light', 'dark'] satisfies Theme[]) {
        const name = `${state.name}-${size.width}-${theme}`;
        test(name, async () => {
          const path =
            typeof state.path === 'string' ? state.path : await state.path();
          api.scenario = state.scenario ?? 'normal';
          const { page, errors } = await visit(path, { ...size, theme });
          await page.getByText(state.shows).first().waitFor();
          if (!state.scenario) {
            await scrollThrough(page);
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

describe('Scorecard', () => {
  test('shows score, every KPI, what stands beside them, and deploys in the trend', async () => {
    const { page } = await visit(ORCHESTRATOR_PATH);
    await page
      .getByRole('article', { name: /^SLA score: .* of 100/ })
      .waitFor();
    const tiles = page
      .getByRole('region', { name: 'Key figures' })
      .getByRole('article');
    await tiles.nth(KPI_IDS.length - 1).waitFor();
    assert.equal(await tiles.count(), KPI_IDS.length);
    await tiles
      .getByText(/^median of \d+/)
      .nth(KPI_IDS.length - 1)
      .waitFor();
    await page
      .getByRole('article', { name: /^CUDA/ })
      .getByText('estimated')
      .waitFor();
    await scrollThrough(page);
    await page.getByRole('img', { name: /by hour.*deploy at/ }).waitFor();
    await page
      .getByRole('table', { name: 'GPUs' })
      .getByText('unstable id')
      .waitFor();
    await page
      .getByRole('table', { name: 'Swaps' })
      .getByText('this one')
      .first()
      .waitFor();
  });

  test('says what the estimate of CUE rests on, and leads to the text and SQL of a KPI', async () => {
    const { page } = await visit(ORCHESTRATOR_PATH);
    await page.getByRole('button', { name: /^About CUDA/ }).click();
    await page.getByText(/Estimated from the tables of model FLOPs/).waitFor();
    await page.getByRole('link', { name: 'Definition and SQL' }).click();
    await page.waitForURL(/naap\/definitions#cue$/);
  });

  test('goes down from a KPI to its requests, one request and its raw events, by keyboard', async () => {
    const { page } = await visit(`${ORCHESTRATOR_PATH}?window=7d`);
    const tile = page.getByRole('button', {
      name: 'Startup time',
      exact: true,
    });
    await tile.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/window=7d&kpi=startup/);
    const heading = page.getByRole('heading', {
      name: /^Requests with a startup, slowest first/,
    });
    await heading.waitFor();
    // The keyboard goes on from there, also when the panel has just come.
    await page
      .locator('h2:focus', { hasText: 'Requests with a startup' })
      .waitFor();
    // The failed ones stay at hand.
    await page.getByRole('heading', { name: /^Failed requests/ }).waitFor();
    const request = page
      .getByRole('table', { name: /^Requests with a startup/ })
      .getByRole('link')
      .first();
    await request.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/naap\/requests\/.*stream_id=/);
    await page.getByRole('img', { name: /^Time line over/ }).waitFor();
    const event = page.getByRole('button', {
      name: /gateway receive stream request/,
    });
    await event.focus();
    await page.keyboard.press('Enter');
    await page.locator('pre', { hasText: '"stream_trace"' }).waitFor();
    const copy = page.getByRole('button', { name: 'Copy raw event' }).first();
    await copy.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal((JSON.parse(copied) as { type: string }).type, 'stream_trace');
    await page.goBack();
    await tile.waitFor();
    await page.locator('#requests').scrollIntoViewIfNeeded();
    await heading.waitFor();
    assert.match(page.url(), /window=7d&kpi=startup/);
  });

  test('keeps the window in the URL, also on the way to another scorecard', async () => {
    const { page } = await visit(ORCHESTRATOR_PATH);
    await page.getByRole('radio', { name: '7 d' }).click();
    await page.waitForURL(/window=7d/);
    await page
      .getByRole('table', { name: 'Models' })
      .getByRole('link')
      .first()
      .click();
    await page.waitForURL(/model-.*\/scorecard\?window=7d/);
    await page.getByRole('radio', { name: '7 d', checked: true }).waitFor();
  });

  test('never shows the numbers of one subject under the name of another', async () => {
    const { page } = await visit(ORCHESTRATOR_PATH);
    await page
      .getByRole('article', { name: /^SLA score: .* of 100/ })
      .waitFor();
    api.scenario = 'loading';
    await page
      .getByRole('table', { name: 'Models' })
      .getByRole('link')
      .first()
      .click();
    await page.waitForURL(/model-.*\/scorecard/);
    await page.getByRole('status', { name: 'Loading scorecard' }).waitFor();
    assert.equal(await page.getByText('of 100').count(), 0);
  });

  test('takes new numbers without moving or blinking', async () => {
    const { page } = await visit(ORCHESTRATOR_PATH);
    await page.getByText('of 100').waitFor();
    await scrollThrough(page);
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
      response.url().includes('/gpus?'),
    );
    api.sync();
    await refreshed;
    // What the answers change is painted in the frames after them.
    await page.waitForTimeout(500);
    const record = await page.evaluate(
      () => (window as unknown as { __record: unknown }).__record,
    );
    assert.deepEqual(record, { shift: 0, skeletons: 0 });
  });

  test('asks again after an error', async () => {
    api.scenario = 'error';
    const { page } = await visit(ORCHESTRATOR_PATH);
    await page.getByText('The scorecard could not be loaded.').waitFor();
    api.scenario = 'normal';
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await page.getByText('of 100').waitFor();
  });

  test('of a model with a hostile name runs nothing', async () => {
    const { page } = await visit(scorecardOf(modelEntityName(HOSTILE_MODEL)));
    await page
      .getByRole('region', { name: 'Key figures' })
      .getByRole('article')
      .nth(KPI_IDS.length - 1)
      .waitFor();
    await scrollThrough(page);
    assert.equal(await page.evaluate(() => '__hacked' in window), false);
    assert.equal(await page.locator('img[src="x"]').count(), 0);
  });
});

describe('Comparison', () => {
  test('opens from the Explorer, and keeps all of itself in the URL', async () => {
    const { page } = await visit('/naap?window=7d');
    const picks = page.getByRole('checkbox', { name: /^Compare 0x/ });
    await picks.nth(0).check();
    await picks.nth(1).check();
    await page.getByRole('link', { name: 'Compare 2' }).click();
    await page.waitForURL(
      /naap\/compare\?window=7d&orchestrator=0x\w+&orchestrator=0x/,
    );
    const table = page.getByRole('table', { name: 'Side by side' });
    await table.getByRole('columnheader').nth(2).waitFor();
    await page.getByRole('button', { name: 'Jitter coefficient' }).click();
    await page.waitForURL(/kpi=jitter/);
    await page
      .getByRole('img', { name: /Jitter coefficient by hour/ })
      .waitFor();
    await page.reload();
    await page
      .getByRole('img', { name: /Jitter coefficient by hour/ })
      .waitFor();
  });

  test('opens from a scorecard, takes another one by its picker, and lets one go', async () => {
    const { page } = await visit(ORCHESTRATOR_PATH);
    await page.getByRole('link', { name: 'Compare', exact: true }).click();
    await page.waitForURL(/naap\/compare\?orchestrator=0x\w+$/);
    await page.getByText('Choose one to three more to compare.').waitFor();
    await page
      .getByRole('button', { name: /Orchestrators, up to four/ })
      .click();
    await page.getByPlaceholder(/^Search/).fill(SECOND.slice(2, 12));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`orchestrator=${SECOND}`));
    // The first one empties the search, the second closes the list.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    const remove = page.getByRole('button', { name: /^Remove 0x/ });
    await remove.nth(1).waitFor();
    await remove.nth(0).click();
    await page.waitForURL(new RegExp(`compare\\?orchestrator=${SECOND}$`));
  });

  test('calls one best by word, and only where intervals lie apart', async () => {
    const { page } = await visit(compare(SECOND, THIRD));
    const table = page.getByRole('table', { name: 'Side by side' });
    const best = table
      .getByRole('row', { name: /^Inference failure rate/ })
      .getByRole('cell')
      .nth(1)
      .getByText('best');
    await best.waitFor();
    await screenshot(page, 'compare-best');
    // Only score, failure rate and swap rate have an interval.
    for (const name of ['Output FPS', 'Jitter coefficient', 'Startup time']) {
      const row = table.getByRole('row', { name: new RegExp(`^${name}`) });
      assert.equal(await row.getByText('best').count(), 0, name);
    }
  });

  test('of models shows a hostile name as text', async () => {
    const { page } = await visit(
      `/naap/compare?model=${MODEL}&model=${encodeURIComponent(HOSTILE_MODEL)}`,
    );
    await page
      .getByRole('columnheader')
      .getByTitle(HOSTILE_MODEL, { exact: true })
      .waitFor();
    await scrollThrough(page);
    assert.equal(await page.evaluate(() => '__hacked' in window), false);
    assert.equal(await page.locator('main img').count(), 0);
  });
});

describe('One thing has one figure and one verdict', () => {
  const TARGETS_ARE_THERE =
    /models? meets? it|target ≥.*fps|no target for this model/;

  /** What each page says of the KPIs of an orchestrator, whole: value, n, target and verdict. */
  const sentences = (page: Page, within: string, attribute: string) =>
    page
      .locator(within)
      .evaluateAll(
        (elements, name) =>
          elements
            .map(element => element.getAttribute(name) ?? '')
            .filter(text => /, target|: No /.test(text)),
        attribute,
      );

  for (const [which, id] of [
    ['several models', FIRST],
    ['others', THIRD],
  ] as const) {
    test(`on Explorer, its table, scorecard and comparison, of ${which}`, async () => {
      const explorer = await visit(`/naap?orchestrator=${id}`);
      await explorer.page.getByText(TARGETS_ARE_THERE).first().waitFor();
      const tiles = await sentences(
        explorer.page,
        '[aria-label="Key figures"] article',
        'aria-label',
      );
      assert.equal(tiles.length, KPI_IDS.length);
      assert.ok(tiles.some(text => /met|models? meets? it/.test(text)));
      const row = explorer.page.locator('tr[data-index="0"] td [title]');
      await row.first().waitFor();
      assert.deepEqual(
        await sentences(
          explorer.page,
          '[aria-label="Orchestrators"] tr[data-index="0"] td > [title]',
          'title',
        ),
        tiles,
      );

      const scorecard = await visit(scorecardOf(orchestratorEntityName(id)));
      await scorecard.page.getByText(TARGETS_ARE_THERE).first().waitFor();
      assert.deepEqual(
        await sentences(
          scorecard.page,
          '[aria-label="Key figures"] article',
          'aria-label',
        ),
        tiles,
      );

      const compared = await visit(compare(id, SECOND));
      await compared.page.getByText(TARGETS_ARE_THERE).first().waitFor();
      assert.deepEqual(
        await sentences(
          compared.page,
          '[aria-label="Side by side"] tr td:nth-child(2) > [title]',
          'title',
        ),
        tiles,
      );
    });
  }
});

describe('Request', () => {
  test('tells an excused error from one that counts, with the two events of each duration', async () => {
    const { page } = await visit(await failedRequest());
    await page.getByText(', not excused').waitFor();
    const list = await fetch(`${api.url}/api/naap/v1/requests?outcome=ok`);
    const { rows } = (await list.json()) as {
      rows: Array<{ request_id: string; stream_id: string }>;
    };
    const [{ request_id, stream_id }] = rows;
    await page.goto(
      `${api.url}/naap/requests/${request_id}?stream_id=${stream_id}`,
    );
    await page.getByText(', excused').waitFor();
    await page
      .getByRole('link', { name: /^gateway receive first processed segment/ })
      .first()
      .click();
    await page.waitForURL(/#event-/);
    await page
      .locator('pre', { hasText: 'gateway_receive_first_processed_segment' })
      .waitFor();
    await page.getByText('Numbers as a table').first().click();
    await page
      .getByRole('region', { name: 'Numbers of the chart' })
      .getByRole('rowheader')
      .first()
      .waitFor();
  });
});
