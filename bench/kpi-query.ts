/**
 * Serving speed over a synthetic day of the network (as many gold rows as 830,000 events make): the sync of a day, of a
 * changed day, of nothing, and KPI queries of 20 clients at once, cold (every answer computed) and warm (cached per
 * served build). Prints one JSON line each with its limit; exits 1 when a limit is missed.
 *
 *     node --require @backstage/cli/config/nodeTransform.cjs bench/kpi-query.ts
 */
import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { KpiDimension, KpiQuery, Serving } from '@naap/serving';
import { GoldWriter } from '../packages/serving/src/__testUtils__/gold';
import { randomRequests } from '../packages/serving/src/testing/network';

const DAY = '2026-01-08';
const CLIENTS = 20;
const REQUESTS = 25_000;
const ORCHESTRATORS = 40;

/** About 5,000 rows of kpi_hourly and 60,000 buckets, as a day of 830,000 events has them. */
function dayOfTheNetwork() {
  const coarse = (ms: number | null) => ms && Math.ceil(ms / 2000) * 2000;
  const random = randomRequests(DAY, REQUESTS, 1, ORCHESTRATORS);
  return random.map((request, i) => ({
    ...request,
    gateway: `gw-${i % 3}`,
    region: ['sea', 'fra', 'mdw'][i % 3],
    orchestrator: request.orchestrator ?? 'o1',
    model: request.model ?? 'm1',
    ptff_ms: coarse(request.ptff_ms),
    e2e_ms: coarse(request.e2e_ms),
    startup_ms: coarse(request.startup_ms),
    samples: request.samples.slice(0, 3).map(Math.round),
  }));
}

function report(name: string, ms: number, limitMs?: number, more = {}): void {
  const ok = limitMs === undefined || ms <= limitMs;
  if (!ok) process.exitCode = 1;
  const line = { name, ms: Math.round(ms * 10) / 10, limitMs, ok, ...more };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function quantile(sorted: number[], p: number): number {
  return sorted[Math.ceil(p * sorted.length) - 1];
}

/** Every client asks one query after the other; gives the latency of each answer. */
async function load(
  serving: Serving,
  queryOf: (client: number, turn: number) => KpiQuery,
  turns: number,
): Promise<{ latencies: number[]; perSecond: number }> {
  const latencies: number[] = [];
  const started = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      for (let turn = 0; turn < turns; turn++) {
        const asked = performance.now();
        await serving.kpis(queryOf(client, turn));
        latencies.push(performance.now() - asked);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  return {
    latencies: latencies.sort((a, b) => a - b),
    perSecond: Math.round(latencies.length / seconds),
  };
}

const GROUPINGS: KpiDimension[][] = [
  [],
  ['orchestrator'],
  ['model'],
  ['hour'],
  ['orchestrator', 'model'],
];

/** What the pages ask: each grouping for the network, and for one of `n` windows. */
function pageQuery(n: number): KpiQuery {
  const from = new Date(Date.parse(DAY) + (n % 12) * 3_600_000);
  return {
    by: GROUPINGS[n % GROUPINGS.length],
    from: from.toISOString(),
    to: '2026-01-09T00:00:00Z',
  };
}

async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'naap-bench-serving-'));
  const gold = await GoldWriter.create(join(directory, 'gold'));
  const requests = dayOfTheNetwork();
  await gold.setDay(DAY, 'b1', requests);
  await gold.setState('b1', '2026-01-09T02:00:00.000Z');
  const serving = await Serving.open({ path: join(directory, 'clickhouse') });
  try {
    const first = await serving.sync(gold.files);
    report('sync a day', first.durationMs, 5000, { rows: first.rows });
    await gold.setDay(DAY, 'b2', requests.slice(1));
    await gold.setState('b2', '2026-01-09T02:01:00.000Z');
    const changed = await serving.sync(gold.files);
    report('sync a changed day', changed.durationMs, 1000);
    const nothing = await serving.sync(gold.files);
    report('sync nothing', nothing.durationMs, 200);

    for (const by of GROUPINGS) {
      const asked = performance.now();
      const { rows } = await serving.kpis({ by });
      report(
        `cold, alone, by ${by.join() || 'nothing'}`,
        performance.now() - asked,
        undefined,
        { rows: rows.length },
      );
    }
    // No two of these are the same, so that none is in the cache.
    const cold = await load(
      serving,
      (client, turn) => ({
        ...pageQuery(client * 5 + turn),
        filters: { gateway: ['gw-sea', `none-${client}-${turn}`] },
      }),
      5,
    );
    report('cold, 20 clients, p95', quantile(cold.latencies, 0.95), undefined, {
      p50: Math.round(quantile(cold.latencies, 0.5)),
      perSecond: cold.perSecond,
    });
    await load(serving, (_, turn) => pageQuery(turn), 60);
    const warm = await load(serving, (_, turn) => pageQuery(turn), 200);
    report('20 clients, p95', quantile(warm.latencies, 0.95), 50, {
      p99: Math.round(quantile(warm.latencies, 0.99) * 10) / 10,
      perSecond: warm.perSecond,
    });
    const rss = process.memoryUsage().rss / 1e6;
    process.stdout.write(
      `${JSON.stringify({ name: 'memory', rssMb: Math.round(rss) })}\n`,
    );
  } finally {
    await serving.close();
    gold.close();
    await rm(directory, { recursive: true, force: true });
  }
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
