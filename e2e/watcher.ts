/**
 * Looks at a portal from a process of its own, so that whoever attacks it doesn't hold this up: asks `/health/live`
 * every 100 ms over a connection of its own and reads the memory of the portal and of what it started.
 *
 *     fork('e2e/watcher.ts', [URL, PID]); any message is answered with what was seen since the last one
 */
import { readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { setPriority } from 'node:os';

export interface Seen {
  probes: number;
  /** Longest answer, ms; of one that is still waited for: how long already. */
  slowestMs: number;
  /** Answers that were none, or not 200. */
  failures: string[];
  /** Most memory of the portal's process, and of it and all that it started, MiB. */
  portalMiB: number;
  allMiB: number;
}

const EVERY_MS = 100;
const GIVE_UP_MS = 60_000;

const [url, pid] = process.argv.slice(2);
const waiting = new Set<number>();
let seen: Seen;
/** When this process itself last came to its turn: what it was late by is not the portal's fault. */
let turn = performance.now();
let lateMs = 0;

function begin(): void {
  seen = {
    probes: 0,
    slowestMs: 0,
    failures: [],
    portalMiB: 0,
    allMiB: 0,
  };
}

function took(since: number, late: number): void {
  const ms = Math.round(performance.now() - since - late);
  seen.slowestMs = Math.max(seen.slowestMs, ms);
}

function probe(): void {
  const since = performance.now();
  const lateBefore = lateMs;
  waiting.add(since);
  seen.probes += 1;
  const done = (failure?: string) => {
    if (!waiting.delete(since)) return;
    took(since, lateMs - lateBefore);
    if (failure) seen.failures.push(failure);
  };
  const request = get(
    `${url}/api/naap/v1/health/live`,
    { agent: false, timeout: GIVE_UP_MS },
    response => {
      response.resume();
      response.once('end', () =>
        done(
          response.statusCode === 200
            ? undefined
            : `live answered ${response.statusCode}`,
        ),
      );
    },
  );
  request.once('timeout', () => request.destroy(new Error('no answer')));
  request.once('error', error => done(error.message || String(error)));
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

try {
  setPriority(-10);
} catch {
  // Only for root; lateness is taken off anyway.
}
begin();
setInterval(() => {
  const now = performance.now();
  lateMs += Math.max(0, now - turn - 2 * EVERY_MS);
  turn = now;
  probe();
  seen.portalMiB = Math.max(seen.portalMiB, Math.round(memoryOf(pid)));
  seen.allMiB = Math.max(seen.allMiB, Math.round(memoryOfAll(pid)));
}, EVERY_MS);
process.on('message', () => {
  for (const since of waiting) took(since, 0);
  process.send?.(seen);
  begin();
});
process.once('disconnect', () => process.exit());
