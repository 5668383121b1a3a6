/**
 * What may happen to `naap up` itself: a stale record whose process is somebody else's, several starts at once, a full
 * disk.
 *
 *     node --test e2e/starts.e2e.ts
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { distinctRequest, lines } from './attack/payloads.ts';
import { statusOf } from './attack/target.ts';
import { Home, ROOT } from './command.ts';
import { hoursAgo, queryOf, windowOf } from './honest.ts';
import { Portal, portalEnvironment, recordOf } from './portal.ts';
import type { PortalRecord } from './portal.ts';
import { TmpfsHome } from './tmpfs.ts';
import { freePort, until } from './waiting.ts';
import { Watch } from './watch.ts';

describe('naap up, attacked around its start and its end', () => {
  test('down leaves a process alone that only has the pid of a stale record', async () => {
    const home = await Home.create();
    const other = spawn('sleep', ['600']);
    try {
      await once(other, 'spawn');
      await mkdir(join(home.path, 'run'), { recursive: true });
      const stale: PortalRecord = {
        pid: other.pid!,
        backend: other.pid!,
        url: 'http://localhost:1',
        token: 'x'.repeat(48),
      };
      const path = join(home.path, 'run', 'portal.json');
      for (const record of [stale, { ...stale, startedAt: 1, start: 1 }]) {
        await writeFile(path, JSON.stringify(record));
        for (const command of ['status', 'down', 'status']) {
          const { stderr } = await home.run([command]);
          assert.equal(other.exitCode ?? other.signalCode, null, command);
          assert.match(stderr, /nothing is running/, command);
        }
      }
      // Nor does a record that nobody can read, or that means everybody.
      for (const text of ['', '{', '[]', 'null', '{"pid":-1}', '{"pid":0}']) {
        await writeFile(path, text);
        const { stderr } = await home.run(['down']);
        assert.match(stderr, /nothing is running/, text);
      }
      // And a start doesn't wait for it to end.
      await writeFile(path, JSON.stringify({ ...stale, pid: 2 ** 22 - 1 }));
      const began = Date.now();
      const portal = await Portal.up(home, 'production');
      assert.ok(Date.now() - began < 55_000);
      await portal.down();
      assert.equal(other.exitCode ?? other.signalCode, null);
    } finally {
      other.kill('SIGKILL');
      await home.remove();
    }
  });

  test('of several starts on a fresh home one wins and keeps its record', async () => {
    const home = await Home.create();
    try {
      const ports = await Promise.all(Array.from({ length: 3 }, freePort));
      const ups = ports.map(port =>
        home.run(
          ['up', '--detach', '--port', String(port), '--no-simulate'],
          '',
          portalEnvironment('production'),
        ),
      );
      const ended = await Promise.all(ups);
      const won = ended.filter(({ code }) => code === 0);
      assert.equal(won.length, 1, ended.map(({ stderr }) => stderr).join('\n'));
      const record = await recordOf(home);
      assert.equal(record.url, won[0].stdout.trim());
      const status = await home.run(['status']);
      assert.equal(status.code, 0, status.stderr);
      const down = await home.run(['down']);
      assert.equal(down.code, 0, down.stderr);
      const again = await home.run(['status']);
      assert.equal(again.code, 1);
      // None of them is left.
      for (const port of ports) {
        assert.equal(await statusOf(port, 'GET / HTTP/1.0\r\n\r\n'), 0);
      }
    } finally {
      await home.run(['down']);
      await home.remove();
    }
  });

  for (const mode of ['production', 'development'] as const) {
    test(`a full disk in ${mode}: it lives, says so, and goes on by itself`, async context => {
      const home = await TmpfsHome.create(160);
      if (!home) {
        const why = 'without root no small disk can be mounted';
        if (process.env.CI) assert.fail(why);
        context.skip(why);
        return;
      }
      let watch: Watch | undefined;
      try {
        const portal = await Portal.up(home.home, mode);
        watch = await Watch.start(portal);
        await portal.push(lines(distinctRequest(0, hoursAgo(2))));
        await portal.run();
        await watch.over('a full disk', () => fillAndFree(portal, home));
        await portal.down();
      } finally {
        watch?.stop();
        await home.remove();
      }
    });
  }

  test('its dependencies are those that are known to be good', async () => {
    const lock = JSON.parse(
      await readFile(join(ROOT, 'package-lock.json'), 'utf8'),
    ) as {
      packages: Record<string, { version: string; license?: string }>;
    };
    const old = Object.entries(lock.packages).filter(
      ([path, { version }]) =>
        path.endsWith('node_modules/prismjs') &&
        Number(version.split('.')[1]) < 30,
    );
    assert.deepEqual(old, []);
    const command = await readFile(join(ROOT, 'naap'), 'utf8');
    assert.doesNotMatch(command, /pip install -q "uv==/);
  });
});

/** Fills the disk while events come, and frees it again. */
async function fillAndFree(portal: Portal, disk: TmpfsHome): Promise<void> {
  const { pid, backend } = portal.record;
  const send = (i: number) =>
    portal.bring(lines(distinctRequest(i, hoursAgo(2) + 1_000 * i)));
  await disk.fill();
  let refused = 0;
  const cpuBefore = await cpuSecondsOf(pid);
  for (let i = 1; i <= 40; i += 1) {
    const answer = await send(i);
    if (answer.status !== 200) {
      assert.equal(answer.status, 503, answer.body.toString());
      assert.ok(Number(answer.headers.get('retry-after')) > 0);
      assert.match(answer.body.toString(), /disk is full|no space/i);
      refused += 1;
    }
    await portal.api('/freshness');
    await delay(200);
  }
  assert.ok(refused > 0, 'the disk was not full');
  const spent = (await cpuSecondsOf(pid)) - cpuBefore;
  assert.ok(spent < 4, `up itself was busy for ${spent} s of 8 s`);
  assert.equal((await portal.api('/health/live')).status, 200);
  await disk.free();
  await until(
    'room is used',
    async () => ((await send(100)).status === 200 ? true : undefined),
    15_000,
  );
  for (let i = 1; i <= 40; i += 1) {
    assert.equal((await send(i)).status, 200);
  }
  await until(
    'all of it is served',
    async () => {
      const { rows } = await portal.get<{ rows: Array<{ requests: number }> }>(
        `/kpis?${queryOf(windowOf(hoursAgo(2)))}`,
      );
      return rows[0]?.requests === 42 || undefined;
    },
    90_000,
  );
  assert.equal((await recordOf(portal.home)).backend, backend);
}

/** Processor time that a process has had. */
async function cpuSecondsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
