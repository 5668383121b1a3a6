/**
 * How long somebody who opens the portal looks at nothing, and when numbers are there: by the browser's own clock, without anything in its
 * cache, with it, and on a slow line (1.6 Mbit/s, 300 ms). Numbers of a network out of thin air, files as the build made them, gzipped.
 *
 *     (cd packages/app && npx backstage-cli package build) && node bench/firstPaint.ts
 */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';
import type { Browser, BrowserContext } from 'playwright-core';
import { launchBrowser } from '../e2e/browser.ts';
import { startFakeApi } from '../e2e/fakeApi.ts';

const DIST = fileURLToPath(new URL('../packages/app/dist', import.meta.url));
const SLOW = { downloadThroughput: 200_000, uploadThroughput: 200_000 };
/** ms, by what the issue asks for; what has none is told only. */
const LIMITS: Record<string, number> = {
  'cold first paint': 1_000,
  'slow first paint': 3_000,
};

/** As the portal sends them: text compressed. What has a hash in its name is never asked for again. */
async function compressed(target: URL) {
  const server = createServer((asked, answer) => {
    const { method, headers } = asked;
    const of = { method, headers, path: asked.url, port: target.port };
    asked.pipe(
      request({ ...of, host: target.hostname }, came => {
        const hashed = /\.[0-9a-f]{12}\./.test(asked.url ?? '');
        answer.writeHead(came.statusCode ?? 502, {
          'content-type': came.headers['content-type'] ?? '',
          'content-encoding': 'gzip',
          'cache-control': hashed ? 'max-age=31536000, immutable' : 'no-cache',
        });
        came.pipe(createGzip()).pipe(answer);
      }),
    );
  });
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/naap`, close: () => server.close() };
}

interface Opened {
  'first paint': number;
  numbers: number;
  'script bytes': number;
}

async function open(
  context: BrowserContext,
  url: string,
  slow = false,
): Promise<Opened> {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  if (slow) {
    const line = { offline: false, latency: 300, ...SLOW };
    await devtools.send('Network.emulateNetworkConditions', line);
  }
  await page.goto(url, { waitUntil: 'commit' });
  await page
    .getByRole('article', { name: 'Failure rate' })
    .getByText('%')
    .first()
    .waitFor({ timeout: 120_000 });
  const opened = await page.evaluate(() => {
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    const scripts = performance
      .getEntriesByType('resource')
      .filter(({ name }) =>
        name.endsWith('.js'),
      ) as PerformanceResourceTiming[];
    return {
      'first paint': Math.round(paint.startTime),
      numbers: Math.round(performance.now()),
      'script bytes': scripts.reduce(
        (sum, one) => sum + one.encodedBodySize,
        0,
      ),
    };
  });
  await page.close();
  return opened;
}

async function fresh<T>(
  browser: Browser,
  use: (context: BrowserContext) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext();
  try {
    return await use(context);
  } finally {
    await context.close();
  }
}

async function main(): Promise<void> {
  const api = await startFakeApi({ dist: DIST, orchestrators: 60 });
  const portal = await compressed(new URL(api.url));
  const browser = await launchBrowser();
  try {
    // The first page of a browser is slow for the browser's own sake.
    await fresh(browser, context => open(context, portal.url));
    const found = {
      cold: await fresh(browser, context => open(context, portal.url)),
      warm: await fresh(browser, async context => {
        await open(context, portal.url);
        return open(context, portal.url);
      }),
      slow: await fresh(browser, context => open(context, portal.url, true)),
    };
    for (const [how, opened] of Object.entries(found)) {
      for (const [what, value] of Object.entries(opened)) {
        const limit = LIMITS[`${how} ${what}`];
        const unit = what === 'script bytes' ? '' : ' ms';
        console.log(
          `${how} ${what}: ${value.toLocaleString('en-US')}${unit}${
            limit ? ` [${limit.toLocaleString('en-US')}]` : ''
          }`,
        );
        if (limit && value > limit) process.exitCode = 1;
      }
    }
  } finally {
    await browser.close();
    portal.close();
    await api.close();
  }
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
