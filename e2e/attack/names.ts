import assert from 'node:assert/strict';
import { hoursAgo, queryOf, windowOf } from '../honest.ts';
import {
  capabilityEntry,
  distinctRequest,
  lines,
  message,
  scrapeOf,
} from './payloads.ts';
import { listQuestions, readPages } from './readPages.ts';
import type { Document } from './readPages.ts';
import { FULL, MIB } from './target.ts';
import type { Target } from './target.ts';

/** Of gateways, models, orchestrators and requests each. */
const NAMES = FULL ? 450_000 : 24_000;
const REQUESTS_AT_ONCE = 4_000;
const ENTRIES_OF_A_REPORT = 1_000;
const AT = hoursAgo(6);
const WINDOW = windowOf(AT);

async function flood({ portal }: Target): Promise<void> {
  for (let i = 0; i < NAMES; i += REQUESTS_AT_ONCE) {
    const length = Math.min(REQUESTS_AT_ONCE, NAMES - i);
    const requests = Array.from({ length }, (_, j) =>
      distinctRequest(i + j, AT + ((i + j) % 3_000_000)),
    );
    await portal.push(lines(requests.flat()));
  }
  const entries = Array.from({ length: NAMES / 4 }, (_, i) =>
    capabilityEntry(String(i), `model-${i}`),
  );
  for (let i = 0; i < entries.length; i += ENTRIES_OF_A_REPORT) {
    const report = entries.slice(i, i + ENTRIES_OF_A_REPORT);
    await portal.push(
      lines([message('network_capabilities', AT, 'gw-sea', report)]),
    );
  }
  const scrapes = entries.map(({ orch_uri: url }) =>
    message('orchestrator_scrape', AT, '', scrapeOf(url, AT, entries.length)),
  );
  await portal.push(lines(scrapes));
  await portal.run();
}

/** Names without number in every dimension: every list has bounds, pages on and adds up. */
export async function distinctNames(target: Target): Promise<void> {
  const { portal } = target;
  await flood(target);
  const whole = await portal.get<{ rows: Array<{ requests: number }> }>(
    `/kpis?${queryOf(WINDOW)}`,
  );
  assert.equal(whole.rows[0].requests, NAMES);

  const document = await portal.get<Document>('/openapi.json');
  const questions = listQuestions(document, WINDOW);
  for (const { path, open } of questions) {
    const rows = await readPages(portal, path);
    if (/^\/kpis.*by=(gateway|model|orchestrator)$/.test(path)) {
      assert.ok(rows.length >= NAMES, `${path}: ${rows.length} of ${NAMES}`);
    }
    if (path.startsWith('/requests?')) assert.equal(rows.length, NAMES);
    if (open) {
      const { status, body } = await portal.api(path, { as: 'nobody' });
      assert.ok([200, 429].includes(status), `${path}: ${status}`);
      assert.ok(body.length <= 8 * MIB, `${path}: ${body.length} bytes`);
    }
  }

  const atOnce = questions.flatMap(question => Array(4).fill(question));
  const statuses = await Promise.all(
    atOnce.map(async ({ path }) => (await portal.api(path)).status),
  );
  const odd = statuses.filter(status => ![200, 429, 503].includes(status));
  assert.deepEqual([...new Set(odd)], []);

  for (const cursor of ['x', 'e30', '%00', 'a'.repeat(5_000), '-1', '[]']) {
    const { status } = await portal.api(
      `/kpis?${queryOf(WINDOW)}&by=gateway&cursor=${cursor}`,
    );
    assert.equal(status, 400, `cursor=${cursor.slice(0, 10)}`);
  }
  const last = `gw-${NAMES - 1}-`;
  const found = await portal.api(
    `/dimensions?${queryOf(WINDOW)}&dimension=gateway&search=${last}`,
  );
  assert.ok(found.body.includes(last), 'the rarest gateway is not found');
}
