import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { HONEST_CUT, HONEST_WINDOW, queryOf } from '../honest.ts';
import { FULL, portOf } from './target.ts';
import type { Target } from './target.ts';

const READERS = 200;
const READ_MS = FULL ? 300_000 : 8_000;
/** Who is served waits no longer than this, on a machine that has other things to do. */
const PATIENCE_MS = 10_000;

/** Readers over the limit are refused at once, and told when to come again. */
export async function readers({ portal }: Target): Promise<void> {
  const question = `/kpis?${queryOf(HONEST_WINDOW)}&by=${HONEST_CUT}`;
  const end = Date.now() + READ_MS;
  const statuses = new Map<number, number>();
  let slowest = 0;
  const reader = async () => {
    while (Date.now() < end) {
      const began = performance.now();
      const { status, headers } = await portal.api(question);
      slowest = Math.max(slowest, performance.now() - began);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 200) continue;
      assert.ok([429, 503].includes(status), String(status));
      assert.ok(Number(headers.get('retry-after')) > 0);
      await delay(250);
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  assert.ok((statuses.get(200) ?? 0) > READERS, JSON.stringify([...statuses]));
  assert.ok(slowest < PATIENCE_MS, `${Math.round(slowest)} ms`);
}

/** A connection from another address of this machine than the one that tests ask from. */
async function open(port: number, from: string, head: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  socket.on('error', () => undefined);
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  socket.write(head);
  return socket;
}

/** Connections that say nothing, or too little, keep nobody else out. */
export async function silentConnections({ portal }: Target): Promise<void> {
  const port = portOf(portal);
  const unfinished = (path: string) =>
    `POST ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`;
  const heads: Record<string, string> = {
    nothing: '',
    'half a head': `GET / HTTP/1.1\r\nHost: localhost:${port}\r\nX-Long: ${'x'.repeat(
      8_000,
    )}`,
    'an upload without a token': unfinished('/api/naap/v1/events'),
    'a step without a token': unfinished('/api/naap/v1/steps/build'),
    'a question without a token': unfinished('/api/naap/v1/runs'),
    'half a sign-in': unfinished('/api/auth/guest/refresh'),
  };
  const faults: string[] = [];
  for (const [name, head] of Object.entries(heads)) {
    const sockets = await Promise.all(
      Array.from({ length: 1_200 }, (_, i) =>
        open(port, `127.0.1.${1 + (i % 4)}`, head),
      ),
    );
    await delay(1_000);
    for (const [what, ask] of [
      ['a question', () => portal.api('/freshness')],
      ['a step', () => portal.api('/steps/commit', { method: 'POST' })],
      ['an event', () => portal.bring('x\n')],
      ['a page', () => portal.ask('/', { as: 'nobody' })],
    ] as const) {
      const answer = await Promise.race([
        ask().then(
          ({ status }) => String(status),
          error => String(error.cause ?? error),
        ),
        delay(PATIENCE_MS, 'no answer', { ref: false }),
      ]);
      if (answer !== '200') faults.push(`${what} beside ${name}: ${answer}`);
    }
    for (const socket of sockets) socket.destroy();
    await delay(500);
  }
  assert.deepEqual(faults, []);
}

/** Guests get tokens for the asking: they are limited like who has none. */
export async function guestLimit({ portal }: Target): Promise<void> {
  let status = 200;
  for (let i = 0; i < 150 && status === 200; i += 1) {
    ({ status } = await portal.api('/datasets', { as: 'guest' }));
  }
  assert.equal(status, 429);
  assert.equal((await portal.api('/datasets')).status, 200);
}
