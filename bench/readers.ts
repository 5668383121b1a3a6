/**
 * More readers than the portal can answer: 200 clients that each ask one question after the other, and 20 that follow the
 * log of a run, over a day of the network. Prints how many were served and refused, p50, p95 and p99 of those that were
 * served with the ratio of p95 to its limit, and what else than an answer or a 503 with `Retry-After` came; then the same
 * of 50 clients, which is what the portal serves when nobody asks too much.
 *
 *     node bench/readers.ts [HOME]      a home with a day in it; without one a day is simulated, ingested, built and synced
 *
 * A client that is refused asks again when it was told to; IMPATIENT=1 lets it ask again at once.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  naap,
  type Portal,
  questionsOf,
  settled,
  signIn,
  simulatedDay,
  startPortal,
} from './pagesPortal.ts';

const READERS = 200;
const FOLLOWERS = 20;
const WELL_SERVED = 50;
const SECONDS = 20;
const LIMIT_MS = 1_000;
const TIMEOUT_MS = 30_000;
const LIVE_EVERY_MS = 100;
const IMPATIENT = Boolean(process.env.IMPATIENT);

const agent = new Agent({ keepAlive: true });

interface Asked {
  status: number;
  retryAfter: number | null;
  ms: number;
}

/** Status 0: no answer, or none in time. */
function ask({ url }: Portal, path: string, token: string): Promise<Asked> {
  const began = performance.now();
  return new Promise(resolve => {
    const done = (status: number, answer?: IncomingMessage) => {
      const after = answer?.headers['retry-after'];
      resolve({
        status,
        retryAfter: after === undefined ? null : Number(after),
        ms: performance.now() - began,
      });
    };
    const asking = get(
      {
        host: '127.0.0.1',
        port: url.port,
        path,
        agent,
        timeout: TIMEOUT_MS,
        headers: { authorization: `Bearer ${token}` },
      },
      answer => {
        answer.resume();
        answer.once('end', () => done(answer.statusCode ?? 0, answer));
        answer.once('error', () => done(0));
      },
    );
    asking.once('timeout', () => asking.destroy());
    asking.once('error', () => done(0));
  });
}

/** Follows the log of a run until the signal comes; resolves with how the connection ended. */
async function follow(
  { url }: Portal,
  run: string,
  token: string,
  signal: AbortSignal,
): Promise<number> {
  try {
    const answer = await fetch(
      new URL(`/api/naap/v1/runs/${run}/stream`, url),
      { headers: { authorization: `Bearer ${token}` }, signal },
    );
    await answer.text();
    return answer.status;
  } catch (error) {
    return signal.aborted ? 200 : 0;
  }
}

const quantile = (sorted: number[], level: number) =>
  sorted[Math.max(0, Math.ceil(level * sorted.length) - 1)] ?? NaN;

/** Lets so many readers ask for some seconds and prints what came of it; resolves with the answers a second. */
async function load(
  name: string,
  readers: number,
  seconds: number,
  askNext: () => Promise<Asked>,
): Promise<number> {
  const answers: Asked[] = [];
  const began = performance.now();
  const end = began + seconds * 1_000;
  await Promise.all(
    Array.from({ length: readers }, async () => {
      while (performance.now() < end) {
        const answer = await askNext();
        answers.push(answer);
        if (answer.status === 503 && !IMPATIENT) {
          await delay((answer.retryAfter ?? 1) * 1_000 * (1 + Math.random()));
        }
      }
    }),
  );
  const took = (performance.now() - began) / 1_000;
  const served = answers.filter(({ status }) => status === 200);
  const refused = answers.filter(
    ({ status, retryAfter }) => status === 503 && retryAfter !== null,
  );
  const others = answers.filter(
    answer => !served.includes(answer) && !refused.includes(answer),
  );
  const sorted = served.map(({ ms }) => ms).sort((a, b) => a - b);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map(level =>
    quantile(sorted, level),
  );
  const refusedMs = refused.map(({ ms }) => ms).sort((a, b) => a - b);
  console.log(
    `${name}: ${served.length} served, ${Math.round(
      served.length / took,
    )} a second   p50 ${p50.toFixed(0)}   p95 ${p95.toFixed(
      0,
    )}   p99 ${p99.toFixed(0)} ms   ${(p95 / LIMIT_MS).toFixed(
      2,
    )} of the limit`,
  );
  console.log(
    `    ${refused.length} refused, p95 ${quantile(refusedMs, 0.95).toFixed(
      0,
    )} ms; ${others.length} others ${[
      ...new Set(others.map(({ status }) => status)),
    ]}`,
  );
  return served.length / took;
}

async function main(): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'naap-bench-readers-'));
  let home = process.argv[2];
  try {
    home ??= await simulatedDay(work);
    const portal = await startPortal(home);
    const { token: operator } = JSON.parse(
      readFileSync(join(home, 'run/portal.json'), 'utf8'),
    ) as { token: string };
    const gone = new AbortController();
    try {
      const token = await signIn(portal);
      const questionAt = await questionsOf(portal, token);
      let asked = 0;
      const askNext = () =>
        ask(portal, `/api/naap/v1${questionAt(asked++).path}`, token);
      await settled(portal.backend);
      await load('warming up', WELL_SERVED, SECONDS / 4, askNext);
      const well = await load(`${WELL_SERVED}`, WELL_SERVED, SECONDS, askNext);

      const { id } = (await (
        await fetch(new URL('/api/naap/v1/runs', portal.url), {
          method: 'POST',
          headers: {
            authorization: `Bearer ${operator}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({ step: 'build', arguments: { full: true } }),
        })
      ).json()) as { id: string };
      const followers = Array.from({ length: FOLLOWERS }, () =>
        follow(portal, id, operator, gone.signal),
      );
      const lives: number[] = [];
      const live = setInterval(async () => {
        const { ms, status } = await ask(
          portal,
          '/api/naap/v1/health/live',
          token,
        );
        lives.push(status === 200 ? ms : Infinity);
      }, LIVE_EVERY_MS);
      const crowded = await load(
        `${READERS} and ${FOLLOWERS} followers`,
        READERS,
        SECONDS,
        askNext,
      );
      clearInterval(live);
      gone.abort();
      const ends = await Promise.all(followers);
      console.log(
        `    ${
          ends.filter(status => status === 200).length
        } of ${FOLLOWERS} followers told to the end; health/live at most ${Math.max(
          ...lives,
        ).toFixed(0)} ms; ${(crowded / well).toFixed(
          2,
        )} of the answers a second that ${WELL_SERVED} readers have`,
      );
    } finally {
      gone.abort();
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
