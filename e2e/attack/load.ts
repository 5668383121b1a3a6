import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { HONEST_CUT, HONEST_WINDOW, queryOf } from '../honest.ts';
import { FULL, portOf, statusOf } from './target.ts';
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
  const told = `${JSON.stringify([...statuses])}, ${Math.round(slowest)} ms`;
  assert.ok((statuses.get(200) ?? 0) > READERS, told);
  assert.ok(slowest < PATIENCE_MS, told);
}

/** More than the portal takes in all. */
const CONNECTIONS = 1_200;

/** A connection from another address of this machine than the one that tests ask from. */
async function open(port: number, head: string): Promise<Socket> {
  const to = { port, host: '127.0.0.1', localAddress: '127.0.1.1' };
  const socket = connect(to);
  socket.on('error', () => undefined);
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  socket.write(head);
  return socket;
}

/** Connections that say nothing, or too little, keep nobody else out. */
export async function silentConnections({ portal }: Target): Promise<void> {
  const port = portOf(portal);
  const head = (line: string, ...more: string[]) =>
    [`${line} HTTP/1.1`, `Host: localhost:${port}`, ...more, '', ''].join(
      '\r\n',
    );
  const unfinished = (path: string) =>
    `${head(
      `POST ${path}`,
      'Content-Type: application/json',
      'Content-Length: 1000',
    )}{`;
  const silences: Record<string, string> = {
    nothing: '',
    'half a head': head('GET /').slice(0, -4),
    'an upload without a token': unfinished('/api/naap/v1/events'),
    'a step without a token': unfinished('/api/naap/v1/steps/build'),
    'a question without a token': unfinished('/api/naap/v1/runs'),
    'half a sign-in': unfinished('/api/auth/guest/refresh'),
  };
  const more = [
    `Authorization: Bearer ${portal.record.token}`,
    'Content-Length: 0',
    'Connection: close',
  ];
  const others: Record<string, [line: string, status: number]> = {
    'a probe': ['GET /api/naap/v1/health/live', 200],
    'a question': ['GET /api/naap/v1/freshness', 200],
    // Its places are those of who waits for a step.
    'an unknown step': ['POST /api/naap/v1/steps/nothing', 400],
    'an upload': ['POST /api/naap/v1/events', 200],
    'a page': ['GET /', 200],
  };
  const faults: string[] = [];
  for (const [name, silence] of Object.entries(silences)) {
    const sockets = await Promise.all(
      Array.from({ length: CONNECTIONS }, () => open(port, silence)),
    );
    await delay(1_000);
    for (const [what, [line, wanted]] of Object.entries(others)) {
      const status = await statusOf(port, head(line, ...more));
      if (status !== wanted) faults.push(`${what} beside ${name}: ${status}`);
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
