/**
 * The speed of the API over a day of the network: 50 clients, each asking one question after the other with no pause,
 * as the pages do: most of them what others ask too, every tenth one that nobody asked before. Prints p50, p95 and p99
 * by route with the ratio of p95 to its limit, and what the portal's process spent on a request; first the same of a bare
 * node:http server that answers each of the 50 with 20 kB: how fast the machine is today.
 *
 *     node bench/api.ts [HOME]      a home with a day in it; without one a day is simulated, ingested, built and synced
 *
 * PAUSE_MS=400 lets a client wait that long between two questions, on average, as who looks at pages does. GZIP=1 lets
 * answers come compressed, as browsers ask for them.
 *
 * The portal runs in production and clients are guests: a page's token, a page's permissions.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  agent,
  ask,
  naap,
  processorSeconds,
  questionsOf,
  settled,
  signIn,
  simulatedDay,
  startPortal,
} from './pagesPortal.ts';

const CLIENTS = 50;
const SECONDS = 20;
const LIMIT_MS = 50;
/** Of a client between two questions; the default is the hardest. */
const PAUSE_MS = Number(process.env.PAUSE_MS ?? 0);
const ENCODING = process.env.GZIP ? 'gzip' : 'identity';

const BARE = `
const body = Buffer.alloc(20_000, 'x');
require('node:http').createServer((_, answer) => answer.end(body)).listen(0, '127.0.0.1', function () {
  console.log(this.address().port);
});`;

/** What the machine gives to a server that does nothing. */
async function measureBare(): Promise<void> {
  const child = spawn(process.execPath, ['-e', BARE], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = await once(child.stdout, 'data');
    const server = { url: new URL(`http://127.0.0.1:${port}`) };
    const latencies: number[] = [];
    const end = performance.now() + 3_000;
    await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        while (performance.now() < end) {
          const began = performance.now();
          await ask(server, '', 'nobody', ENCODING);
          latencies.push(performance.now() - began);
        }
      }),
    );
    report('bare node:http', latencies);
  } finally {
    child.kill();
  }
}

function report(name: string, latencies: number[]): void {
  const sorted = [...latencies].sort((a, b) => a - b);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map(
    level => sorted[Math.ceil(level * sorted.length) - 1],
  );
  const ms = (value: number) => value.toFixed(1).padStart(7);
  console.log(
    `${name.padEnd(24)} ${String(sorted.length).padStart(6)} asked   p50 ${ms(
      p50,
    )}   p95 ${ms(p95)}   p99 ${ms(p99)} ms   ${(p95 / LIMIT_MS).toFixed(
      2,
    )} of the limit`,
  );
}

async function main(): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'naap-bench-api-'));
  let home = process.argv[2];
  try {
    home ??= await simulatedDay(work);
    const portal = await startPortal(home);
    try {
      const token = await signIn(portal);
      const questionAt = await questionsOf(portal, token);

      const load = async (seconds: number) => {
        const latencies = new Map<string, number[]>();
        const end = performance.now() + seconds * 1000;
        await Promise.all(
          Array.from({ length: CLIENTS }, async () => {
            while (performance.now() < end) {
              const { name, path } = questionAt(asked++);
              const began = performance.now();
              await ask(portal, path, token, ENCODING);
              const list = latencies.get(name) ?? [];
              latencies.set(name, list);
              list.push(performance.now() - began);
              if (PAUSE_MS > 0) await delay(PAUSE_MS * 2 * Math.random());
            }
          }),
        );
        return latencies;
      };
      await settled(portal.backend);
      await measureBare();
      let asked = 0;
      await load(SECONDS / 4);
      const spent = processorSeconds(portal.backend);
      const began = performance.now();
      const latencies = await load(SECONDS);
      const took = (performance.now() - began) / 1000;
      const busy = processorSeconds(portal.backend) - spent;
      for (const [name, list] of [...latencies].sort()) report(name, list);
      const every = [...latencies.values()].flat();
      report('all', every);
      console.log(
        `${Math.round(every.length / took)} answers a second; ${(
          (1000 * busy) /
          every.length
        ).toFixed(2)} ms of processor time each`,
      );
    } finally {
      agent.destroy();
      await naap(home, ['down']);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
