/**
 * Eight clients bring events with known ids to a real platform that is killed with -9 again and again: the portal, its
 * Python worker, `naap up` itself, all of it at once; while it compacts its tables, while its disk is full, and with
 * two starts at once after it. At the end every event that was acknowledged is in the lake exactly once, the classes
 * add up, and the KPIs are those of a home that nobody killed.
 *
 *     KILLS=50 KILLS_SEED=1 node --test e2e/kills.e2e.ts
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { lines, message } from './attack/payloads.ts';
import { Home, ROOT } from './command.ts';
import { Portal, portalEnvironment, recordOf } from './portal.ts';
import type { Counts } from './portal.ts';
import { TmpfsHome } from './tmpfs.ts';
import { freePort, until } from './waiting.ts';

const KILLS = Number(process.env.KILLS ?? 7);
const SEED = Number(process.env.KILLS_SEED ?? randomInt(2 ** 31));
const CLIENTS = 8;
/** Of the network that is in the tables before the first kill. */
const EVENTS_BEFORE = KILLS > 10 ? 200_000 : 40_000;
const DISK_MIB = 1_500;
const HOUR_MS = 3_600_000;
const START = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 30 * HOUR_MS;
const PYTHON =
  process.env.NAAP_PYTHON ??
  join(process.env.NAAP_TOOLS ?? join(ROOT, '.tools'), 'venv/bin/python');

/** mulberry32: the same kills for the same seed, as far as the machine is the same. */
let state = SEED;
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const between = (least: number, most: number) =>
  least + random() * (most - least);

/** One request with known ids; times go on slowly over a day, so that several partitions grow at once. */
function requestOf(client: number, i: number) {
  const n = i * CLIENTS + client;
  const at = START + ((n * 7_919) % (24 * HOUR_MS));
  const request = { stream_id: `kill-${n}`, request_id: `kill-${n}` };
  const orchestrator = {
    address: `0x${String(n % 10).padStart(40, '0')}`,
    url: `https://orch-${n % 10}.example:8935`,
  };
  const of = (after_: number, type: string, data: object) => ({
    ...message(type, at + after_, `gw-${n % 5}-sea`, {
      ...request,
      timestamp: at + after_,
      ...data,
    }),
    id: `kill-${n}-${after_}`,
  });
  const trace = (after_: number, type: string) =>
    of(after_, 'stream_trace', { type, orchestrator_info: orchestrator });
  const status = (after_: number) =>
    of(after_, 'ai_stream_status', {
      type: 'status',
      state: 'ONLINE',
      pipeline: `model-${n % 4}`,
      start_time: at,
      orchestrator_info: orchestrator,
      inference_status: { fps: 10 + (n % 20), last_output_time: at + after_ },
    });
  return [
    trace(0, 'gateway_receive_stream_request'),
    trace(1_000, 'gateway_receive_first_processed_segment'),
    status(5_000 + (n % 100)),
    status(9_000 + (n % 100)),
    trace(20_000, 'gateway_ingest_stream_closed'),
  ];
}

/** What clients have brought and been told that it is durable. */
const acknowledged: string[] = [];
const bodies: string[] = [];
let stopped = false;

/** Brings batch after batch, each until it is acknowledged. */
async function client(of: number, url: string, token: string): Promise<void> {
  for (let i = 0; !stopped; ) {
    const batch = Array.from({ length: 4 }, (_, j) => requestOf(of, i + j));
    i += batch.length;
    const messages = batch.flat();
    // Every batch says one thing twice.
    const body = lines([...messages, messages[0]]);
    for (;;) {
      try {
        const response = await fetch(`${url}/api/naap/v1/events`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/x-ndjson',
          },
          body,
          signal: AbortSignal.timeout(60_000),
        });
        if (response.ok) {
          const counts = (await response.json()) as Counts;
          assert.equal(counts.read, messages.length + 1);
          assert.equal(counts.accepted + counts.duplicate, counts.read);
          break;
        }
        const said = await response.text();
        assert.ok(
          [502, 503].includes(response.status),
          `${response.status} ${said}`,
        );
      } catch (error) {
        if ((error as Error).name === 'AssertionError') throw error;
        // It was killed: the same again.
      }
      await delay(100);
    }
    acknowledged.push(...messages.map(({ id }) => id));
    bodies.push(lines(messages));
    await delay(50);
  }
}

let disk: TmpfsHome | null;
let home: Home;
let port: string;

before(async () => {
  process.stderr.write(`KILLS=${KILLS} KILLS_SEED=${SEED}\n`);
  disk = await TmpfsHome.create(DISK_MIB);
  home = disk?.home ?? (await Home.create());
  port = String(await freePort());
});

after(async () => {
  stopped = true;
  if (disk) {
    await disk.remove();
  } else {
    await home.run(['down']);
    await home.remove();
  }
});

const up = () =>
  home.run(
    ['up', '--detach', '--port', port, '--no-simulate'],
    '',
    portalEnvironment('production'),
  );

/** It has to start without a hand, whatever was done to it. */
async function start(): Promise<void> {
  const { code, stderr } = await up();
  assert.equal(code, 0, stderr);
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap(thread =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(Number),
  );
}

function kill(...pids: number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
}

const record = () => recordOf(home);

/** Asks for a step and doesn't wait. */
async function ask(step: string): Promise<void> {
  const { url, token } = await record();
  await fetch(`${url}/api/naap/v1/runs`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ step }),
  });
}

/** Each leaves the platform up, or able to start. */
const KINDS: Record<string, () => Promise<void>> = {
  async portal() {
    kill((await record()).backend);
    await start();
  },
  async worker() {
    const { backend } = await record();
    // It starts with the first step that needs it, and the portal starts another.
    kill(...childrenOf(backend));
    await ask('commit');
  },
  async up() {
    kill((await record()).pid);
    await start();
  },
  async everything() {
    const { pid, backend } = await record();
    kill(pid, ...childrenOf(backend), backend);
    await start();
  },
  async 'compaction of large tables'() {
    await ask('maintain');
    await delay(between(0, 3_000));
    const { pid, backend } = await record();
    kill(...(random() < 0.5 ? childrenOf(backend) : [backend, pid]));
    if (!(await isUp())) await start();
  },
  async 'a build'() {
    await ask('build');
    await delay(between(0, 4_000));
    kill(...childrenOf((await record()).backend));
    await ask('sync');
  },
  async 'a full disk'() {
    if (!disk) {
      process.stderr.write('no full disk: no disk can be mounted here\n');
      return;
    }
    await disk.fill();
    await delay(between(500, 5_000));
    if (random() < 0.7) {
      const { pid, backend } = await record();
      kill(pid, backend, ...(random() < 0.5 ? childrenOf(backend) : []));
      // On a full disk it may say that it can't, or be there and take nothing.
      if (random() < 0.5) await up();
    }
    await delay(between(0, 3_000));
    await disk.free();
    if (!(await isUp())) await start();
  },
  async 'two starts'() {
    const { pid, backend } = await record();
    kill(pid, backend);
    const codes = (await Promise.all([up(), up()])).map(({ code }) => code);
    assert.deepEqual(codes.sort(), [0, 1]);
  },
};

async function isUp(): Promise<boolean> {
  return (await home.run(['status'])).code === 0;
}

test(
  'killed again and again, it loses nothing and doubles nothing',
  { timeout: 120_000 + KILLS * 90_000 },
  async context => {
    if (!disk && process.env.CI) {
      assert.fail('no disk can be mounted here: run as root');
    }
    if (!disk)
      context.diagnostic('without a full disk: nothing can be mounted');
    const network = await home.run([
      ...['simulate', '--seed', String(SEED)],
      ...['--from', new Date(START).toISOString()],
      ...['--to', new Date(START + 24 * HOUR_MS).toISOString()],
      ...['--events-per-day', String(EVENTS_BEFORE)],
    ]);
    const counts = await home.json<Counts>(['ingest', '-'], network.stdout);
    await start();
    const { url } = await record();
    const [{ token }] = JSON.parse(
      portalEnvironment('production').APP_CONFIG_naap_ingestion_sources!,
    ) as Array<{ token: string }>;
    const clients = Promise.all(
      Array.from({ length: CLIENTS }, (_, of) => client(of, url, token)),
    );
    // A client that is refused for good fails the test at once.
    const failed = clients.then(() => assert.ok(stopped));

    let kinds: string[] = [];
    for (let i = 0; i < KILLS; i += 1) {
      if (kinds.length === 0) {
        kinds = Object.keys(KINDS)
          .map(kind => [random(), kind] as const)
          .sort()
          .map(([, kind]) => kind);
      }
      const kind = kinds.pop()!;
      await Promise.race([delay(between(500, 6_000)), failed]);
      const known = acknowledged.length;
      process.stderr.write(`${i + 1}/${KILLS}: ${kind}, ${known} events\n`);
      await Promise.race([KINDS[kind](), failed]);
      await until(
        `events are taken again after ${kind}`,
        async () => (acknowledged.length > known ? true : undefined),
        60_000,
      );
    }
    stopped = true;
    await clients;
    if (!(await isUp())) await start();

    const portal = await Portal.of(home);
    await portal.run();
    const totals = await portal.get<{ rows: Counts[] }>('/ingest-stats');
    const kpis = await kpisOf(home);
    await portal.down();

    const { stdout } = await promisify(execFile)(
      PYTHON,
      [join(ROOT, 'e2e/lake_ids.py'), home.path],
      {
        maxBuffer: 2 ** 30,
        env: {
          ...process.env,
          PYTHONPATH: join(ROOT, 'packages/lakehouse/python'),
          PYTHONDONTWRITEBYTECODE: '1',
        },
      },
    );
    const lake = JSON.parse(stdout) as {
      ids: Record<string, number>;
      counts: Counts;
    };
    const lost = acknowledged.filter(id => !lake.ids[id]);
    assert.deepEqual(lost.slice(0, 10), [], `${lost.length} are lost`);
    const doubled = acknowledged.filter(id => lake.ids[id] > 1);
    assert.deepEqual(doubled.slice(0, 10), [], `${doubled.length} are doubled`);
    const known = new Set(acknowledged);
    const strangers = Object.keys(lake.ids).filter(
      id => id.startsWith('kill-') && !known.has(id),
    );
    assert.deepEqual(strangers.slice(0, 10), []);
    const { read, accepted, ignored, rejected, duplicate } = lake.counts;
    assert.equal(read, accepted + ignored + rejected + duplicate);
    assert.equal(accepted, counts.accepted + acknowledged.length);
    assert.equal(
      totals.rows.reduce((sum, row) => sum + row.accepted, 0),
      accepted,
    );
    process.stderr.write(
      `${acknowledged.length} ids in, ${
        acknowledged.length - lost.length
      } out after ${KILLS} kills\n`,
    );

    const clean = await Home.create();
    try {
      await clean.json(['ingest', '-'], network.stdout + bodies.join(''));
      await clean.json(['build']);
      await clean.json(['sync']);
      assert.deepEqual(kpis, await kpisOf(clean));
    } finally {
      await clean.remove();
    }
  },
);

/** By hour, orchestrator and model; doubles but for their last bits. */
async function kpisOf(of: Home): Promise<string[]> {
  const rows = await of.json<object[]>([
    ...['kpis', '--format', 'json', '--by', 'hour,orchestrator,model'],
  ]);
  return rows
    .map(row =>
      JSON.stringify(row, (_name, value) =>
        typeof value === 'number' ? Number(value.toPrecision(9)) : value,
      ),
    )
    .sort();
}
