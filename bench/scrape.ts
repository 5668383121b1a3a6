/**
 * One round of the scraper over 1,000 orchestrators beside a bare undici loop
 * over the same ones in the same run, the best of five each; then 5,000; then 30
 * rounds of 1,000, whose memory has to stay flat. The targets live in a process
 * of their own. Exits 1 over a limit.
 */
import { gatePolicy, Scraper, Target } from '@naap/ingestion';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Agent, request } from 'undici';

const CONCURRENCY = 100;
const ANSWER_MS = 20;
const LIMIT_RATIO = 1.5;
const LIMIT_5000_S = 10;
/** Between the 10th and the 30th round. */
const LIMIT_GROWTH_MB = 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function startTargets(): Promise<{ port: number; stop(): void }> {
  const child = spawn(
    process.execPath,
    [
      '--require',
      require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      join(__dirname, 'scrapeTargets.ts'),
      String(ANSWER_MS),
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const [line] = await once(child.stdout, 'data');
  return { port: Number(line), stop: () => child.stdin.end() };
}

function makeTargets(count: number, port: number): Target[] {
  return Array.from({ length: count }, (_, i) => ({
    url: `http://127.1.${i >> 8}.${i & 255}:${port}`,
    kind: 'orchestrator',
    origins: ['file'],
  }));
}

/** What one would write without all that a scraper has to mind. */
async function bareLoop(targets: Target[]): Promise<void> {
  const agent = new Agent();
  const queue = targets.values();
  const work = async () => {
    for (const { url } of queue) {
      const { body } = await request(`${url}/discovery`, { dispatcher: agent });
      await body.json();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  await agent.destroy();
}

let rounds = 0;

async function scraperRound(
  scraper: Scraper,
  targets: Target[],
): Promise<void> {
  const messages = await scraper.round({
    start: rounds++ * 60_000,
    targets,
    spreadMs: 0,
    signal: new AbortController().signal,
  });
  const found = messages.filter(
    ({ type, data }) =>
      type === 'orchestrator_scrape' && data.runners.length === 4,
  );
  if (found.length !== targets.length) throw new Error(`found ${found.length}`);
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

function heapMegabytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1024 ** 2;
}

async function main() {
  const { port, stop } = await startTargets();
  try {
    const scraper = new Scraper({
      concurrency: CONCURRENCY,
      policy: gatePolicy({ ports: [port], allowPrivateTargets: true }),
    });
    const thousand = makeTargets(1_000, port);
    const bare: number[] = [];
    const ours: number[] = [];
    for (let i = 0; i < 5; i++) {
      bare.push(await seconds(() => bareLoop(thousand)));
      ours.push(await seconds(() => scraperRound(scraper, thousand)));
    }
    const ratio = Math.min(...ours) / Math.min(...bare);
    const fiveThousand = await seconds(() =>
      scraperRound(scraper, makeTargets(5_000, port)),
    );

    const heap: number[] = [];
    for (let i = 0; i < 30; i++) {
      await scraperRound(scraper, thousand);
      heap.push(heapMegabytes());
    }
    const growth = heap[29] - heap[9];
    const ok =
      ratio <= LIMIT_RATIO &&
      fiveThousand <= LIMIT_5000_S &&
      growth <= LIMIT_GROWTH_MB;
    console.log(
      JSON.stringify({
        bare_1000_s: Number(Math.min(...bare).toFixed(3)),
        scraper_1000_s: Number(Math.min(...ours).toFixed(3)),
        ratio: Number(ratio.toFixed(2)),
        scraper_5000_s: Number(fiveThousand.toFixed(2)),
        heap_mb: [heap[0], heap[9], heap[29]].map(Math.round),
        peak_rss_mb: Math.round(process.resourceUsage().maxRSS / 1024),
        limits: [LIMIT_RATIO, LIMIT_5000_S, LIMIT_GROWTH_MB],
        ok,
      }),
    );
    process.exitCode = ok ? 0 : 1;
  } finally {
    stop();
  }
}

main();
