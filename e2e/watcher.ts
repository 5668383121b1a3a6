/**
 * Looks at a portal from a process of its own, so that whoever attacks it doesn't hold this up: asks `/health/live`
 * every 100 ms over a connection of its own and reads the memory of the portal and of what it started. Beside it a bare
 * server is asked the same: by what that one is late, the machine is.
 *
 *     fork('e2e/watcher.ts', [URL, PID]); any message is answered with what was seen since the last one
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  probes: number;
  /** Longest answer, ms, without what the machine was late; of one that is still waited for: how long already. */
  slowestMs: number;
  /** Longest answer of the bare server. */
  machineMs: number;
  /** Answers that were none, or not 200. */
  failures: string[];
  /** Most memory of the portal's process, and of it and all that it started, MiB. */
  portalMiB: number;
  allMiB: number;
}

const EVERY_MS = 100;
const GIVE_UP_MS = 60_000;

const [url, pid] = process.argv.slice(2);
let seen: Seen;

interface Probe {
  since: number;
  /** What the bare server took; while it is waited for: undefined. */
  machineMs?: number;
}
const waiting = new Set<Probe>();

function begin(): void {
  seen = {
    probes: 0,
    slowestMs: 0,
    machineMs: 0,
    failures: [],
    portalMiB: 0,
    allMiB: 0,
  };
}

/** Resolves with what was wrong with the answer. */
function ask(address: string): Promise<string | undefined> {
  return new Promise(resolve => {
    const options = { agent: false, timeout: GIVE_UP_MS };
    const request = get(address, options, response => {
      response.resume();
      response.once('end', () =>
        resolve(
          response.statusCode === 200
            ? undefined
            : `answered ${response.statusCode}`,
        ),
      );
    });
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', error => resolve(error.message || String(error)));
  });
}

function took(ms: number, machineMs: number): void {
  seen.slowestMs = Math.max(seen.slowestMs, Math.round(ms - machineMs));
  seen.machineMs = Math.max(seen.machineMs, Math.round(machineMs));
}

async function probe(bare: string): Promise<void> {
  const one: Probe = { since: performance.now() };
  const passedMs = () => performance.now() - one.since;
  waiting.add(one);
  seen.probes += 1;
  const machine = ask(bare).then(() => {
    one.machineMs = passedMs();
  });
  const failure = await ask(`${url}/api/naap/v1/health/live`);
  const ms = passedMs();
  waiting.delete(one);
  if (failure) seen.failures.push(failure);
  await machine;
  // The bare server may have been later than the portal.
  took(ms, Math.min(ms, one.machineMs ?? ms));
}

function childrenOf(of: string): string[] {
  try {
    return readdirSync(`/proc/${of}/task`).flatMap(thread =>
      readFileSync(`/proc/${of}/task/${thread}/children`, 'utf8')
        .split(' ')
        .filter(Boolean),
    );
  } catch {
    return [];
  }
}

/** Of one that has ended: 0. */
function memoryOf(of: string): number {
  try {
    const status = readFileSync(`/proc/${of}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function memoryOfAll(of: string): number {
  const below = childrenOf(of).map(memoryOfAll);
  return below.reduce((sum, mib) => sum + mib, memoryOf(of));
}

async function serve(): Promise<void> {
  const server = createServer((_request, response) => response.end('{}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.((server.address() as AddressInfo).port);
}

async function watch(): Promise<void> {
  const bare = fork(process.argv[1], []);
  const [port] = await once(bare, 'message');
  begin();
  setInterval(() => {
    probe(`http://127.0.0.1:${port}/`);
    seen.portalMiB = Math.max(seen.portalMiB, Math.round(memoryOf(pid)));
    seen.allMiB = Math.max(seen.allMiB, Math.round(memoryOfAll(pid)));
  }, EVERY_MS);
  process.on('message', () => {
    for (const { since, machineMs } of waiting) {
      const ms = performance.now() - since;
      took(ms, machineMs ?? ms);
    }
    process.send?.(seen);
    begin();
  });
}

process.once('disconnect', () => process.exit());
if (url) watch();
else serve();
