/** What bench/api.ts and bench/readers.ts share: a home with a day in it, its portal, and what pages ask of it. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const COLD_EVERY = 10;
const DAY = '2026-01-15';
const DAY_MS = 86_400_000;
export const WINDOW = `from=${DAY}T00:00:00Z&to=2026-01-16T00:00:00Z`;
const RANGE = `${DAY}/2026-01-16`;

export async function naap(
  home: string,
  args: string[],
  output?: string,
): Promise<void> {
  const file = openSync(output ?? '/dev/null', 'w');
  const child = spawn(join(root, 'naap'), args, {
    env: {
      ...process.env,
      NAAP_HOME: home,
      NODE_ENV: 'production',
      // What is measured is how fast the public API answers, too.
      APP_CONFIG_naap_publicApi_rateLimit_max: '1000000',
    },
    stdio: ['ignore', file, 'inherit'],
  });
  const code = await new Promise(resolve => child.once('close', resolve));
  closeSync(file);
  if (code !== 0) {
    throw new Error(`naap ${args.join(' ')} ended with ${code}`);
  }
}

/** A home with the day served. */
export async function simulatedDay(work: string): Promise<string> {
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

export interface Portal {
  url: URL;
  backend: number;
}

export async function startPortal(home: string): Promise<Portal> {
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
export function processorSeconds(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .split(') ')[1]
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) / 100;
}

/** Waits until a new portal has filled its catalog and search index. */
export async function settled(pid: number): Promise<void> {
  for (let quiet = 0, spent = processorSeconds(pid); quiet < 10; ) {
    await delay(1_000);
    const now = processorSeconds(pid);
    quiet = now - spent < 0.1 ? quiet + 1 : 0;
    spent = now;
  }
}

/** Signs in as guest; what is asked next is asked with this token. */
export async function signIn({ url }: Pick<Portal, 'url'>): Promise<string> {
  const answer = await fetch(new URL('/api/auth/guest/refresh', url), {
    method: 'POST',
  });
  return (await answer.json()).backstageIdentity.token;
}

export const agent = new Agent({ keepAlive: true });

/** The body of an answer of the API, as it came over the wire. */
export async function ask(
  { url }: Pick<Portal, 'url'>,
  path: string,
  token: string,
  encoding: 'gzip' | 'identity',
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
          'accept-encoding': encoding,
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
function questions(
  orchestrators: string[],
  models: string[],
  gateways: string,
) {
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
  return (n: number) => {
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

/** The question number n: the route, and the path to ask it by. */
export type QuestionAt = (n: number) => { name: string; path: string };

/** Questions about the day that the portal serves. */
export async function questionsOf(
  { url }: Pick<Portal, 'url'>,
  token: string,
): Promise<QuestionAt> {
  const dimensions = await fetch(
    new URL(`/api/naap/v1/dimensions?${WINDOW}`, url),
    { headers: { authorization: `Bearer ${token}` } },
  );
  const { values } = (await dimensions.json()) as {
    values: Record<string, Array<{ value: string | null }>>;
  };
  const named = (dimension: string) =>
    values[dimension].flatMap(({ value }) => value ?? []);
  const gateways = named('gateway')
    .map(name => `&gateway=${encodeURIComponent(name)}`)
    .join('');
  return questions(named('orchestrator'), named('model'), gateways);
}
