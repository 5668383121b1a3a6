/**
 * A disk that fills up under `naap up`, by the real command on a small file system of its own. Needs root, to mount it.
 *
 *     node --test e2e/fullDisk.e2e.ts
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Home } from './command.ts';
import { freePort, until } from './waiting.ts';

const MIB = 1024 * 1024;
const BEGAN = Date.now() - 3_600_000;
/** What the platform promises; the machine of a test does more at a time than that. */
const ACCEPTED_WITHIN_MS = 15_000;
/** A look at `/health/live` is answered within a second on a machine that has little else to do. */
const ALIVE_WITHIN_MS = 5_000;

/** A request of its own for each number, of 4 KB. */
function message(n: number): string {
  return JSON.stringify({
    id: `full-${n}`,
    type: 'stream_trace',
    timestamp: String(BEGAN + n),
    gateway: 'e2e-gateway-fra',
    data: {
      type: 'gateway_receive_stream_request',
      timestamp: BEGAN + n,
      stream_id: `full-${n}`,
      request_id: `full${n}`,
      filler: 'x'.repeat(4_000),
    },
  });
}

describe('naap up on a disk that is full', () => {
  let home: Home;
  let url: string;
  let token: string;
  /** Numbers of messages that were acknowledged. */
  let acknowledged = 0;
  const mount = (...args: string[]) => execFileSync('mount', args);

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${url}/api/naap/v1${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...init.headers },
    });
  const send = (first: number, count: number) => {
    const lines = Array.from({ length: count }, (_, i) => message(first + i));
    return ask('/events', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: lines.join('\n'),
    });
  };

  /** Looks at `/health/live` every 100 ms until it is stopped; answers how long the longest look took. */
  function watchLife(): () => Promise<number> {
    let longest = 0;
    const looks: Array<Promise<void>> = [];
    const timer = setInterval(() => {
      const began = performance.now();
      const look = ask('/health/live').then(async response => {
        assert.equal(response.status, 200);
        await response.text();
        longest = Math.max(longest, performance.now() - began);
      });
      look.catch(() => {});
      looks.push(look);
    }, 100);
    return async () => {
      clearInterval(timer);
      await Promise.all(looks);
      return longest;
    };
  }

  before(async () => {
    home = await Home.create();
    mount('-t', 'tmpfs', '-o', 'size=200m,mode=755', 'tmpfs', home.path);
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const up = await home.run(
      ['up', '--detach', '--no-simulate', '--port', String(port)],
      '',
      { NODE_ENV: 'production' },
    );
    assert.equal(up.code, 0, up.stderr);
    ({ token } = JSON.parse(
      await readFile(join(home.path, 'run', 'portal.json'), 'utf8'),
    ));
  });

  after(async () => {
    await home.run(['down']);
    execFileSync('umount', ['--lazy', home.path]);
    await home.remove();
  });

  test('refuses with 503 while there is a reserve, and says when to come again', async () => {
    const alive = watchLife();
    let refused: Response | undefined;
    for (let n = 0; n < 60_000 && !refused; n += 500) {
      const response = await send(n, 500);
      if (response.ok) acknowledged = n + 500;
      else refused = response;
    }
    assert.equal(refused?.status, 503);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    const { error } = (await refused.json()) as { error: { message: string } };
    assert.match(error.message, /The disk is full/);
    assert.ok(acknowledged > 0);
    assert.ok((await alive()) < ALIVE_WITHIN_MS);
  });

  test('with not a byte left it lives, says what is wrong, and answers', async () => {
    const filler = await open(join(home.path, 'filler'), 'w');
    const piece = Buffer.alloc(64 * 1024);
    for (;;) {
      try {
        await filler.writeFile(piece);
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
        break;
      }
    }
    await filler.close();
    const alive = watchLife();
    // The loop, its database and the log meet the full disk now.
    await delay(12_000);

    assert.equal((await send(0, 1)).status, 503);
    const run = await ask('/runs', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"step":"build"}',
    });
    assert.equal(run.status, 503);
    assert.ok(Number(run.headers.get('retry-after')) > 0);

    const ready = await ask('/health/ready');
    assert.equal(ready.status, 503);
    const { parts } = (await ready.json()) as {
      parts: Array<{ name: string; reason?: string }>;
    };
    assert.equal(
      parts.find(({ name }) => name === 'events')?.reason,
      'disk_full',
    );
    const freshness = (await (await ask('/freshness')).json()) as {
      storage: { full: boolean };
    };
    assert.equal(freshness.storage.full, true);
    for (const path of ['/kpis', '/quarantine', '/steps', '/runs']) {
      assert.equal((await ask(path)).status, 200, path);
    }
    assert.equal((await fetch(`${url}/naap`)).status, 200);
    const status = await home.run(['status']);
    assert.match(status.stdout, /full, new events are refused/);
    assert.ok((await alive()) < ALIVE_WITHIN_MS);
  });

  test('with room it goes on by itself, and nothing that was acknowledged is lost', async () => {
    const began = Date.now();
    await rm(join(home.path, 'filler'));
    mount('-o', 'remount,size=2g', home.path);
    let sent = await send(acknowledged, 500);
    while (!sent.ok) {
      assert.equal(sent.status, 503);
      assert.ok(Date.now() - began < ACCEPTED_WITHIN_MS);
      await delay(200);
      sent = await send(acknowledged, 500);
    }
    acknowledged += 500;
    // All of it again: each is known already.
    const { accepted, duplicate } = (await (await send(0, 1_000)).json()) as {
      accepted: number;
      duplicate: number;
    };
    assert.deepEqual(
      { accepted, duplicate },
      { accepted: 0, duplicate: 1_000 },
    );

    const served = await until(
      'all requests in the numbers',
      async () => {
        const { rows } = (await (
          await ask('/kpis?from=2026-01-01T00:00:00Z')
        ).json()) as { rows: Array<{ requests: number }> };
        return rows[0]?.requests === acknowledged
          ? rows[0].requests
          : undefined;
      },
      240_000,
    );
    assert.equal(served, acknowledged);
    assert.equal((await ask('/health/ready')).status, 200);
    const log = await readFile(join(home.path, 'run', 'up.log'), 'utf8');
    assert.ok(log.length < 20 * MIB);
  });
});
