/**
 * What the portal holds after a burst: ten readers ask without a pause for five minutes, then nobody does. Prints the
 * resident memory of its process before, at its peak, right after, and for each idle minute; the limit is for the last.
 *
 *     node bench/memory.ts [HOME]
 *
 * HOME is a home with a day in it; without one a day is simulated, ingested, built and synced.
 *
 * MINUTES=1 makes the burst shorter, IDLE_MINUTES=7 is how long it may take to go back.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  agent,
  ask,
  naap,
  questionsOf,
  settled,
  signIn,
  simulatedDay,
  startPortal,
} from './pagesPortal.ts';

const READERS = 10;
const MINUTES = Number(process.env.MINUTES ?? 5);
const IDLE_MINUTES = Number(process.env.IDLE_MINUTES ?? 7);
const LIMIT_MB = 700;
const PEAK_LIMIT_MB = 1500;
const MINUTE_MS = 60_000;

/** Of a process, MB: all, and what is no file. */
function resident(pid: number): { all: number; anonymous: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024;
  return { all: mb('VmRSS'), anonymous: mb('RssAnon') };
}

function report(name: string, pid: number, limit?: number): void {
  const { all, anonymous } = resident(pid);
  const ratio = limit ? `   ${(all / limit).toFixed(2)} of the limit` : '';
  console.log(
    `${name.padEnd(24)} ${all.toFixed(0).padStart(5)} MB, ${anonymous
      .toFixed(0)
      .padStart(5)} of it no file${ratio}`,
  );
}

async function main(): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'naap-bench-memory-'));
  let home = process.argv[2];
  try {
    home ??= await simulatedDay(work);
    const portal = await startPortal(home);
    try {
      const token = await signIn(portal);
      const questionAt = await questionsOf(portal, token);
      await settled(portal.backend);
      report('settled', portal.backend);
      let peak = 0;
      let asked = 0;
      const watch = setInterval(() => {
        peak = Math.max(peak, resident(portal.backend).all);
      }, 250);
      const end = performance.now() + MINUTES * MINUTE_MS;
      await Promise.all(
        Array.from({ length: READERS }, async () => {
          while (performance.now() < end) {
            await ask(portal, questionAt(asked++).path, token, 'gzip');
          }
        }),
      );
      clearInterval(watch);
      console.log(`${asked} questions in ${MINUTES} min`);
      console.log(
        `${'peak'.padEnd(24)} ${peak.toFixed(0).padStart(5)} MB   ${(
          peak / PEAK_LIMIT_MB
        ).toFixed(2)} of the limit`,
      );
      report('right after', portal.backend);
      for (let minute = 1; minute <= IDLE_MINUTES; minute++) {
        await delay(MINUTE_MS);
        report(
          `after ${minute} min of rest`,
          portal.backend,
          minute === IDLE_MINUTES ? LIMIT_MB : undefined,
        );
      }
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
