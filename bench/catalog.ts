/**
 * How long the real catalog (SQLite in memory) takes for 2,000 orchestrators: from its start, with the first refresh of
 * the module, until all of them are stitched and answered by query; and what such a query takes then. Prints one JSON
 * line each with its limit; exits 1 when a limit is missed.
 *
 *     LOG_LEVEL=error node --require @backstage/cli/config/nodeTransform.cjs bench/catalog.ts
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startCatalog } from '../plugins/catalog-backend-module-naap/src/__testUtils__/catalog';
import {
  inventory,
  lineage,
} from '../plugins/catalog-backend-module-naap/src/__testUtils__/naap';

const ORCHESTRATORS = 2_000;
const LIMIT_S = 60;
const LIMIT_QUERY_MS = 200;
const QUERIES = 20;

function report(name: string, value: number, limit: number, more = {}): void {
  if (value > limit) process.exitCode = 1;
  const ratio = Math.round((value / limit) * 1000) / 1000;
  const line = { name, value: Math.round(value * 10) / 10, limit, ratio };
  process.stdout.write(
    `${JSON.stringify({ ...line, ok: value <= limit, ...more })}\n`,
  );
}

async function main(): Promise<void> {
  const addresses = Array.from(
    { length: ORCHESTRATORS },
    (_, i) => `0x${i.toString(16).padStart(40, '0')}`,
  );
  const started = performance.now();
  const catalog = await startCatalog({
    lineage: lineage(),
    inventory: inventory(addresses, ['model']),
    definition: { openapi: '3.1.0' },
  });
  const startMs = performance.now() - started;
  const query = (limit: number) =>
    catalog.ask<{ items: unknown[]; totalItems: number }>(
      `/entities/by-query?filter=spec.type=orchestrator&limit=${limit}`,
    );
  while ((await query(1)).totalItems < ORCHESTRATORS) await sleep(100);
  report(
    'seconds until 2,000 orchestrators are answered',
    (performance.now() - started) / 1000,
    LIMIT_S,
    {
      startSeconds: Math.round(startMs / 100) / 10,
      rssMb: Math.round(process.memoryUsage.rss() / 2 ** 20),
    },
  );

  const latencies: number[] = [];
  for (let i = 0; i < QUERIES; i++) {
    const asked = performance.now();
    await query(20);
    latencies.push(performance.now() - asked);
  }
  latencies.sort((a, b) => a - b);
  report(
    'ms of a query of 20 of them, median',
    latencies[QUERIES / 2],
    LIMIT_QUERY_MS,
  );
  await catalog.stop();
}

// The test backend leaves timers behind.
main().then(
  () => process.exit(),
  error => {
    console.error(error);
    process.exit(1);
  },
);
