import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { setTimeout as delay } from 'node:timers/promises';
import { MIGRATIONS, RunRequest, RunStore } from './RunStore';

const LEASE_MS = 60_000;
const STEPS = ['commit', 'build', 'sync', 'maintain'] as const;
const build: RunRequest = {
  step: 'build',
  arguments: {},
  trigger: 'manual',
  startedBy: 'user:default/ada',
};

describe('RunStore', () => {
  const databases = TestDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
    disableDocker: true,
  });

  describe.each(databases.eachSupportedId())('on %s', id => {
    let knex: Knex;
    let store: RunStore;
    const claim = (owner: string) => store.claim([...STEPS], owner, LEASE_MS);
    /** As if so much time had passed, however much does. */
    const endLeases = () => knex('naap_runs').update({ lease_until: 0 });

    beforeEach(async () => {
      knex = await databases.init(id);
      await knex.migrate.latest({ directory: MIGRATIONS });
      store = new RunStore(knex);
    });

    it('keeps a run from its asking to its end', async () => {
      const queued = await store.enqueue({
        ...build,
        arguments: { full: true },
      });
      expect(queued).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        step: 'build',
        state: 'queued',
        trigger: 'manual',
        startedBy: 'user:default/ada',
        arguments: { full: true },
        retryOf: null,
        createdAt: expect.stringMatching(/^\d{4}-.*T.*\.\d{3}Z$/),
        startedAt: null,
        finishedAt: null,
        durationMs: null,
        rows: null,
        changed: null,
        details: null,
        error: null,
      });
      expect(await claim('me')).toMatchObject({
        id: queued.id,
        state: 'running',
      });
      await delay(20);
      const ended = await store.finish(queued.id, 'me', {
        state: 'succeeded',
        changed: true,
        rows: 5_000_000_000,
        details: { 'it’s': ['<b>', '\u0000'] },
      });
      expect(ended).toMatchObject({
        state: 'succeeded',
        changed: true,
        rows: 5_000_000_000,
        details: { 'it’s': ['<b>', '\u0000'] },
      });
      expect(ended!.durationMs).toBeGreaterThanOrEqual(19);
      expect(await store.get(queued.id)).toEqual(ended);
    });

    it('joins what asks for the same as a queued run, but not as a running one', async () => {
      const runs = await Promise.all(
        Array.from({ length: 8 }, () => store.enqueue(build)),
      );
      expect(new Set(runs.map(run => run.id)).size).toBe(1);
      const other = await store.enqueue({
        ...build,
        arguments: { full: true },
      });
      expect(other.id).not.toBe(runs[0].id);
      await claim('me');
      expect((await store.enqueue(build)).id).not.toBe(runs[0].id);
    });

    it('gives a step to one owner at a time, however many ask, and goes on with the next in order', async () => {
      const first = await store.enqueue(build);
      await store.enqueue({ ...build, arguments: { full: true } });
      const commit = await store.enqueue({ ...build, step: 'commit' });
      const claimed = await Promise.all(
        ['a', 'b', 'c', 'd', 'e'].map(owner => claim(owner)),
      );
      expect(claimed.flatMap(run => run?.id ?? []).sort()).toEqual(
        [first.id, commit.id].sort(),
      );
      const owner = ['a', 'b', 'c', 'd', 'e'][
        claimed.findIndex(run => run?.id === first.id)
      ];
      await store.finish(first.id, owner, { state: 'failed', error: 'no\0' });
      expect((await store.get(first.id))!.error).toBe('no');
      expect(await claim('a')).toMatchObject({ arguments: { full: true } });
    });

    it('leaves steps in the queue that the process does not have', async () => {
      await store.enqueue(build);
      expect(await store.claim(['sync'], 'me', LEASE_MS)).toBeUndefined();
    });

    it('takes a run for lost when its lease is over, and queues it once more, once', async () => {
      const run = await store.enqueue({ ...build, arguments: { full: true } });
      await claim('dead');
      expect(await store.recoverExpired()).toEqual([]);
      await endLeases();
      expect(await store.recoverExpired([run.id])).toEqual([]);
      const lost = await Promise.all([
        store.recoverExpired(),
        store.recoverExpired(),
      ]);
      expect(lost.flat()).toEqual([
        expect.objectContaining({
          id: run.id,
          state: 'lost',
          error: 'The process that ran it died',
        }),
      ]);
      expect(await store.beat(run.id, 'dead', LEASE_MS)).toBeUndefined();
      expect(
        await store.finish(run.id, 'dead', { state: 'succeeded' }),
      ).toBeUndefined();
      const recovery = await claim('dead again');
      expect(recovery).toMatchObject({
        trigger: 'recovery',
        retryOf: run.id,
        arguments: { full: true },
        startedBy: 'user:default/ada',
      });
      await endLeases();
      expect(await store.recoverExpired()).toHaveLength(1);
      expect(await claim('me')).toBeUndefined();
    });

    it('queues a run once more that its owner gives up, a recovery too', async () => {
      const run = await store.enqueue(build);
      await claim('me');
      expect(await store.abandon(run.id, 'somebody else')).toEqual([]);
      expect(await store.abandon(run.id, 'me')).toMatchObject([
        { state: 'lost', error: 'The process that ran it gave it up' },
      ]);
      const recovery = (await claim('me'))!;
      expect(recovery).toMatchObject({ trigger: 'recovery', retryOf: run.id });
      await store.abandon(recovery.id, 'me');
      expect(await claim('me')).toMatchObject({ retryOf: recovery.id });
    });

    it('queues no run once more that somebody wanted to end', async () => {
      const { id: run } = await store.enqueue(build);
      await claim('dead');
      await store.cancel(run, 'user:default/eve');
      expect(await store.recoverAll()).toMatchObject([{ state: 'lost' }]);
      expect(await store.queued()).toBe(0);
    });

    it('keeps a run whose lease is renewed', async () => {
      const run = await store.enqueue(build);
      await claim('me');
      await endLeases();
      expect(await store.beat(run.id, 'me', LEASE_MS)).toEqual({
        cancelledBy: null,
      });
      expect(await store.recoverExpired()).toEqual([]);
      expect(await store.recoverAll()).toHaveLength(1);
    });

    it('cancels a queued run at once and tells the owner of a running one', async () => {
      const queued = await store.enqueue(build);
      expect(await store.cancel(queued.id, 'user:default/eve')).toMatchObject({
        state: 'cancelled',
        error: 'Cancelled by user:default/eve',
        startedAt: null,
      });
      const running = await store.enqueue(build);
      await claim('me');
      expect(await store.cancel(running.id, 'user:default/eve')).toMatchObject({
        state: 'running',
      });
      expect(await store.beat(running.id, 'me', LEASE_MS)).toEqual({
        cancelledBy: 'user:default/eve',
      });
    });

    it('lists the newest first, by step, state and trigger, a page at a time', async () => {
      for (const step of STEPS) await store.enqueue({ ...build, step });
      await store.enqueue({
        ...build,
        arguments: { full: true },
        trigger: 'retry',
      });
      await store.claim(['commit'], 'me', LEASE_MS);
      const steps = async (query: object) => {
        const page = { limit: 10, offset: 0, ...query };
        const { total, rows } = await store.list(page);
        return [total, ...rows.map(({ run }) => run.step)];
      };
      expect(await steps({ limit: 2, offset: 1 })).toEqual([
        5,
        'maintain',
        'sync',
      ]);
      expect(await steps({ state: ['running', 'failed'] })).toEqual([
        1,
        'commit',
      ]);
      expect(await steps({ step: 'build', trigger: ['manual'] })).toEqual([
        1,
        'build',
      ]);
    });

    it('says how a step stands; the usual duration is the median of what changed something', async () => {
      expect(await store.standing('build')).toEqual({
        running: null,
        queued: 0,
        lastRun: null,
        lastSuccess: null,
        usualDurationMs: null,
      });
      const endAfter = async (ms: number, changed: boolean) => {
        const { id: run } = await store.enqueue(build);
        await claim('me');
        const started_at = new Date(Date.now() - ms);
        await knex('naap_runs').where({ id: run }).update({ started_at });
        return store.finish(run, 'me', { state: 'succeeded', changed });
      };
      for (const s of [1, 2, 9]) await endAfter(s * 1_000, true);
      const success = await endAfter(100_000, false);
      await store.enqueue(build);
      await claim('me');
      await store.enqueue(build);
      const standing = await store.standing('build');
      expect(standing).toMatchObject({
        running: { state: 'running' },
        queued: 1,
        lastRun: success,
        lastSuccess: success,
      });
      expect(Math.round(standing.usualDurationMs! / 1_000)).toBe(2);
      expect(await store.isActive('build')).toBe(true);
      expect(await store.isActive('sync')).toBe(false);
    });

    it('pages through a log, and gives its last lines', async () => {
      const { id: run } = await store.enqueue(build);
      const at = '2026-01-08T21:00:00.123Z';
      const lines = [1, 2, 3].map(seq => ({
        seq,
        at,
        level: 'info' as const,
        message: `<b>${seq}</b> '; drop table naap_runs; --`,
      }));
      await store.appendLog(run, lines.slice(0, 2));
      // The answer of the database got lost, so they come once more.
      await store.appendLog(run, lines);
      expect(await store.log(run, 0, 2)).toEqual(lines.slice(0, 2));
      expect(await store.log(run, 2, 2)).toEqual(lines.slice(2));
      expect(await store.lastLines(run, 2)).toEqual(lines.slice(1));
    });

    it('keeps the newest 500 runs a step that nobody asked for, others for 90 days, and no log without its run', async () => {
      const now = Date.now();
      const old = (i: number) => ({
        id: `run-${i}`,
        step: 'commit',
        state: 'succeeded',
        trigger: 'loop',
        started_by: 'loop',
        arguments: '{}',
        created_at: new Date(now),
        finished_at: new Date(now),
      });
      await knex.batchInsert(
        'naap_runs',
        Array.from({ length: 503 }, (_, i) => ({
          ...old(i),
          trigger: i % 2 ? 'schedule' : 'loop',
        })),
        50,
      );
      const day = 24 * 3_600_000;
      await knex('naap_runs').insert([
        {
          ...old(1001),
          trigger: 'manual',
          finished_at: new Date(now - 91 * day),
        },
        {
          ...old(1002),
          trigger: 'manual',
          finished_at: new Date(now - 89 * day),
        },
      ]);
      const line = {
        seq: 1,
        at: new Date(now).toISOString(),
        level: 'info' as const,
        message: 'x',
      };
      await store.appendLog('run-0', [line]);
      await store.appendLog('run-502', [line]);
      await store.prune([...STEPS]);
      const kept = (await knex('naap_runs').select('id')).map(row => row.id);
      expect(kept).toHaveLength(501);
      expect(kept).not.toContain('run-2');
      expect(kept).toContain('run-3');
      expect(kept).not.toContain('run-1001');
      expect(kept).toContain('run-1002');
      expect(await knex('naap_run_logs').select('run_id')).toEqual([
        { run_id: 'run-502' },
      ]);
    });
  });
});
