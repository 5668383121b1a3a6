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
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const CLIENTS = 50;
const SECONDS = 20;
const LIMIT_MS = 50;
const COLD_EVERY = 10;
/** Of a client between two questions; the default is the hardest. */
const PAUSE_MS = Number(process.env.PAUSE_MS ?? 0);
const ENCODING = process.env.GZIP ? 'gzip' : 'identity';
const DAY = '2026-01-15';
const DAY_MS = 86_400_000;
const WINDOW = `from=${DAY}T00:00:00Z&to=2026-01-16T00:00:00Z`;
const RANGE = `${DAY}/2026-01-16`;

async function naap(
  home: string,
  args: string[],
  output?: string,
): Promise<void> {
  const file = openSync(output ?? '/dev/null', 'w');
  const child = spawn(join(root, 'naap'), args, {
    env: { ...process.env, NAAP_HOME: home, NODE_ENV: 'production' },
    stdio: ['ignore', file, 'inherit'],
  });
  const code = await new Promise(resolve => child.once('close', resolve));
  closeSync(file);
  if (code !== 0) {
    throw new Error(`naap ${args.join(' ')} ended with ${code}`);
  }
}

/** A home with the day served. */
async function simulatedDay(work: string): Promise<string> {
  const home = join(work, 'home');
  const file = join(work, 'day.ndjson');
  const from = Date.parse(DAY);
  const [begin, end] = [from, from + DAY_MS].map(ms =>
    new Date(ms).toISOString(),
  );
  await naap(
    home,
    ['simulate', '--from', begin, '--to', end, '--events-per-day', '830000'],
    file,
  );
  await naap(home, ['ingest', file]);
  await naap(home, ['build']);
  await naap(home, ['sync']);
  return home;
}

interface Portal {
  url: URL;
  backend: number;
}

async function startPortal(home: string): Promise<Portal> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  await naap(home, ['up', '--detach', '--port', String(port)]);
  const record = JSON.parse(
    readFileSync(join(home, 'run/portal.json'), 'utf8'),
  );
  return { url: new URL(record.url), backend: record.backend };
}

/** Seconds of processor time that a process has spent. */
function processorSeconds(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .split(') ')[1]
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) / 100;
}

/** Waits until a new portal has filled its catalog and search index. */
async function settled(pid: number): Promise<void> {
  for (let quiet = 0, spent = processorSeconds(pid); quiet < 10; ) {
    await delay(1_000);
    const now = processorSeconds(pid);
    quiet = now - spent < 0.1 ? quiet + 1 : 0;
    spent = now;
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

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
          await ask(server, '', 'nobody');
          latencies.push(performance.now() - began);
        }
      }),
    );
    report('bare node:http', latencies);
  } finally {
    child.kill();
  }
}

async function ask(
  { url }: Pick<Portal, 'url'>,
  path: string,
  token: string,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        host: '127.0.0.1',
        port: url.port,
        path: `/api/naap/v1${path}`,
        agent,
        headers: {
          authorization: `Bearer ${token}`,
          'accept-encoding': ENCODING,
        },
      },
      answer => {
        const parts: Buffer[] = [];
        answer.on('data', part => parts.push(part));
        answer.on('end', () => {
          const body = Buffer.concat(parts);
          if (answer.statusCode === 200) resolve(body);
          else reject(new Error(`${path}: ${answer.statusCode} ${body}`));
        });
      },
    );
    asking.once('error', reject).end();
  });
}

/** What pages ask: route and query, with more to it when nobody may have asked it before. */
function questions(orchestrators: string[], models: string[]) {
  const pick = <T>(list: T[], n: number) => list[n % list.length];
  const groupings = [
    '',
    '&by=orchestrator',
    '&by=model',
    '&by=hour',
    '&by=orchestrator,model',
  ];
  const all: Array<(n: number) => [route: string, query: string]> = [
    n => ['/kpis', `${WINDOW}${pick(groupings, n)}`],
    n => ['/kpis', `${WINDOW}&by=hour&orchestrator=${pick(orchestrators, n)}`],
    n => ['/kpis', `${WINDOW}&model=${encodeURIComponent(pick(models, n))}`],
    () => ['/scores', `${WINDOW}&by=orchestrator`],
    n => [
      '/scores',
      `${WINDOW}&by=model&orchestrator=${pick(orchestrators, n)}`,
    ],
    () => ['/targets', WINDOW],
    n => ['/supply', `${WINDOW}${pick(['&by=hour', '&by=model'], n)}`],
    n => ['/gpus', `${WINDOW}&orchestrator=${pick(orchestrators, n)}`],
    n => ['/swaps', `${WINDOW}&orchestrator=${pick(orchestrators, n)}`],
    n => [
      '/availability',
      `${WINDOW}&by=${pick(['orchestrator', 'url', 'hour'], n)}`,
    ],
    () => ['/dimensions', WINDOW],
    () => ['/inventory', ''],
    () => ['/freshness', ''],
    n => [
      '/requests',
      `${WINDOW}&limit=50&orchestrator=${pick(orchestrators, n)}`,
    ],
    () => ['/gpu/metrics', `time_range=${RANGE}`],
    n => [
      '/network/demand',
      `time_range=${RANGE}&interval=${pick(['hour', 'day'], n)}`,
    ],
    n => [
      '/sla/compliance',
      `period=${RANGE}&orchestrator_id=${pick(orchestrators, n)}`,
    ],
  ];
  const filters: Record<string, string> = {
    '/kpis': 'gateway',
    '/scores': 'gateway',
    '/gpus': 'gateway',
    '/swaps': 'gateway',
    '/requests': 'gateway',
    '/supply': 'model',
    '/availability': 'orchestrator',
    '/gpu/metrics': 'region',
    '/network/demand': 'gateway',
    '/sla/compliance': 'orchestrator_id',
  };
  return (n: number, gateways: string) => {
    const [route, query] = pick(all, n)(Math.floor(n / all.length));
    const filter = filters[route];
    const isCold = n % COLD_EVERY === 0 && filter !== undefined;
    const more =
      filter === 'gateway'
        ? `${gateways}&gateway=nobody-${n}`
        : `&${filter}=nobody-${n}`;
    return {
      name: `${route}${isCold ? ' (new)' : ''}`,
      path: `${route}?${query}${isCold ? more : ''}`,
    };
  };
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
      const signIn = await fetch(
        new URL('/api/auth/guest/refresh', portal.url),
        {
          method: 'POST',
        },
      );
      const { token } = (await signIn.json()).backstageIdentity;
      const dimensions = await fetch(
        new URL(`/api/naap/v1/dimensions?${WINDOW}`, portal.url),
        { headers: { authorization: `Bearer ${token}` } },
      );
      const { values } = (await dimensions.json()) as {
        values: Record<string, Array<{ value: string | null }>>;
      };
      const named = (dimension: string) =>
        values[dimension].flatMap(({ value }) => value ?? []);
      const questionAt = questions(named('orchestrator'), named('model'));
      const gateways = named('gateway')
        .map(name => `&gateway=${encodeURIComponent(name)}`)
        .join('');

      const load = async (seconds: number) => {
        const latencies = new Map<string, number[]>();
        const end = performance.now() + seconds * 1000;
        await Promise.all(
          Array.from({ length: CLIENTS }, async () => {
            while (performance.now() < end) {
              const { name, path } = questionAt(asked++, gateways);
              const began = performance.now();
              await ask(portal, path, token);
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
