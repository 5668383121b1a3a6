import { TestDatabases } from '@backstage/backend-test-utils';
import type { StepId } from '@naap/plugin-naap-common';
import type { Knex } from 'knex';
import { setTimeout as delay } from 'node:timers/promises';
import { TOUCHES } from '../../__testUtils__/fakes';
import { MIGRATIONS } from '../../database';
import type { RunRequest } from './RunQueue';
import { RunStore } from './RunStore';

const LEASE_MS = 60_000;
const STEPS = ['commit', 'build', 'sync', 'maintain', 'scrape'] as const;
/** What the steps of the real layers read and write. */
const touching = (steps: readonly StepId[]) =>
  new Map(steps.map(step => [step, TOUCHES[step]]));
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
    const claim = (owner: string, steps: readonly StepId[] = STEPS) =>
      store.queue.claim(touching(steps), owner, LEASE_MS);
    const cancel = async (run: string) => {
      await store.queue.cancel(run, 'user:default/eve');
      return store.history.get(run);
    };
    /** As if so much time had passed, however much does. */
    const endLeases = () => knex('naap_runs').update({ lease_until: 0 });

    beforeEach(async () => {
      knex = await databases.init(id);
      await knex.migrate.latest({ directory: MIGRATIONS });
      store = new RunStore(knex);
    });

    it('keeps a run from its asking to its end', async () => {
      const queued = await store.queue.enqueue({
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
      const ended = await store.queue.finish(queued.id, 'me', {
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
      expect(await store.history.get(queued.id)).toEqual(ended);
    });

    it('joins what asks for the same as a queued run, but not as a running one', async () => {
      const runs = await Promise.all(
        Array.from({ length: 8 }, () => store.queue.enqueue(build)),
      );
      expect(new Set(runs.map(run => run.id)).size).toBe(1);
      const other = await store.queue.enqueue({
        ...build,
        arguments: { full: true },
      });
      expect(other.id).not.toBe(runs[0].id);
      await claim('me');
      expect((await store.queue.enqueue(build)).id).not.toBe(runs[0].id);
    });

    it('gives a step to one owner at a time, however many ask, and goes on with the next in order', async () => {
      const first = await store.queue.enqueue(build);
      await store.queue.enqueue({ ...build, arguments: { full: true } });
      const scrape = await store.queue.enqueue({ ...build, step: 'scrape' });
      const claimed = await Promise.all(
        ['a', 'b', 'c', 'd', 'e'].map(owner => claim(owner)),
      );
      expect(claimed.flatMap(run => run?.id ?? []).sort()).toEqual(
        [first.id, scrape.id].sort(),
      );
      const owner = ['a', 'b', 'c', 'd', 'e'][
        claimed.findIndex(run => run?.id === first.id)
      ];
      await store.queue.finish(first.id, owner, {
        state: 'failed',
        error: 'no\0',
      });
      expect((await store.history.get(first.id))!.error).toBe('no');
      expect(await claim('a')).toMatchObject({ arguments: { full: true } });
    });

    it('begins nothing that touches what a running run touches, in whichever process', async () => {
      for (const step of ['build', 'maintain', 'scrape', 'sync'] as const) {
        await store.queue.enqueue({ ...build, step });
      }
      const owners = ['a', 'b', 'c', 'd', 'e', 'f'];
      const claimed = await Promise.all(owners.map(owner => claim(owner)));
      // Maintenance writes the lake that the build reads, the sync reads the gold that it writes.
      expect(claimed.flatMap(run => run?.step ?? []).sort()).toEqual([
        'build',
        'scrape',
      ]);
      const built = claimed.findIndex(run => run?.step === 'build');
      await store.queue.finish(claimed[built]!.id, owners[built], {
        state: 'succeeded',
      });
      expect(await claim('a')).toMatchObject({ step: 'maintain' });
      expect(await claim('b')).toMatchObject({ step: 'sync' });
    });

    it('knows what the step of another process touches, of one that did not say so everything', async () => {
      await store.queue.enqueue(build);
      await store.queue.claim(
        new Map([['build', { reads: [], writes: ['served'] }]]),
        'other',
        LEASE_MS,
      );
      await store.queue.enqueue({ ...build, step: 'sync' });
      await store.queue.enqueue({ ...build, step: 'commit' });
      expect(await claim('me')).toMatchObject({ step: 'commit' });
      await knex('naap_runs')
        .where('state', 'running')
        .update({ touches: null });
      await store.queue.enqueue({ ...build, step: 'scrape' });
      expect(await claim('me')).toBeUndefined();
    });

    it('lets no run pass an older one that it gets in the way of', async () => {
      await store.queue.enqueue({ ...build, step: 'commit' });
      await claim('a');
      await store.queue.enqueue(build);
      await store.queue.enqueue({ ...build, step: 'sync' });
      expect(await claim('b')).toBeUndefined();
      expect(await claim('c', ['sync'])).toMatchObject({ step: 'sync' });
    });

    it('leaves steps in the queue that the process does not have', async () => {
      await store.queue.enqueue(build);
      expect(await claim('me', ['sync'])).toBeUndefined();
    });

    it('takes a run for lost when its lease is over, and queues it once more, once', async () => {
      const run = await store.queue.enqueue({
        ...build,
        arguments: { full: true },
      });
      await claim('dead');
      expect(await store.queue.recoverExpired()).toEqual([]);
      await endLeases();
      expect(await store.queue.recoverExpired([run.id])).toEqual([]);
      const lost = await Promise.all([
        store.queue.recoverExpired(),
        store.queue.recoverExpired(),
      ]);
      expect(lost.flat()).toEqual([
        expect.objectContaining({
          id: run.id,
          state: 'lost',
          error: 'The process that ran it died',
        }),
      ]);
      expect(await store.queue.beat(run.id, 'dead', LEASE_MS)).toBeUndefined();
      expect(
        await store.queue.finish(run.id, 'dead', { state: 'succeeded' }),
      ).toBeUndefined();
      const recovery = await claim('dead again');
      expect(recovery).toMatchObject({
        trigger: 'recovery',
        retryOf: run.id,
        arguments: { full: true },
        startedBy: 'user:default/ada',
      });
      await endLeases();
      expect(await store.queue.recoverExpired()).toHaveLength(1);
      expect(await claim('me')).toBeUndefined();
    });

    it('queues a run once more that its owner gives up, a recovery too', async () => {
      const run = await store.queue.enqueue(build);
      await claim('me');
      expect(await store.queue.abandon(run.id, 'somebody else')).toEqual([]);
      expect(await store.queue.abandon(run.id, 'me')).toMatchObject([
        { state: 'lost', error: 'The process that ran it gave it up' },
      ]);
      const recovery = (await claim('me'))!;
      expect(recovery).toMatchObject({ trigger: 'recovery', retryOf: run.id });
      await store.queue.abandon(recovery.id, 'me');
      expect(await claim('me')).toMatchObject({ retryOf: recovery.id });
    });

    it('queues no run once more that somebody wanted to end', async () => {
      const { id: run } = await store.queue.enqueue(build);
      await claim('dead');
      await cancel(run);
      expect(await store.queue.recoverAll()).toMatchObject([{ state: 'lost' }]);
      expect(await store.queue.queued()).toBe(0);
    });

    it('keeps a run whose lease is renewed', async () => {
      const run = await store.queue.enqueue(build);
      await claim('me');
      await endLeases();
      expect(await store.queue.beat(run.id, 'me', LEASE_MS)).toEqual({
        cancelledBy: null,
      });
      expect(await store.queue.recoverExpired()).toEqual([]);
      expect(await store.queue.recoverAll()).toHaveLength(1);
    });

    it('cancels a queued run at once and tells the owner of a running one', async () => {
      const queued = await store.queue.enqueue(build);
      expect(await cancel(queued.id)).toMatchObject({
        state: 'cancelled',
        error: 'Cancelled by user:default/eve',
        startedAt: null,
      });
      const running = await store.queue.enqueue(build);
      await claim('me');
      expect(await cancel(running.id)).toMatchObject({
        state: 'running',
      });
      expect(await store.queue.beat(running.id, 'me', LEASE_MS)).toEqual({
        cancelledBy: 'user:default/eve',
      });
    });

    it('lists the newest first, by step, state and trigger, a page at a time', async () => {
      for (const step of STEPS) await store.queue.enqueue({ ...build, step });
      await store.queue.enqueue({
        ...build,
        arguments: { full: true },
        trigger: 'retry',
      });
      await claim('me', ['commit']);
      const steps = async (query: object) => {
        const page = { limit: 10, offset: 0, ...query };
        const { total, rows } = await store.history.list(page);
        return [total, ...rows.map(({ run }) => run.step)];
      };
      expect(await steps({ limit: 2, offset: 1 })).toEqual([
        6,
        'scrape',
        'maintain',
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
      expect(await store.history.standing('build')).toEqual({
        running: null,
        queued: 0,
        lastRun: null,
        lastSuccess: null,
        usualDurationMs: null,
      });
      const endAfter = async (ms: number, changed: boolean) => {
        const { id: run } = await store.queue.enqueue(build);
        await claim('me');
        const started_at = new Date(Date.now() - ms);
        await knex('naap_runs').where({ id: run }).update({ started_at });
        return store.queue.finish(run, 'me', { state: 'succeeded', changed });
      };
      for (const s of [1, 2, 9]) await endAfter(s * 1_000, true);
      const success = await endAfter(100_000, false);
      await store.queue.enqueue(build);
      await claim('me');
      await store.queue.enqueue(build);
      const standing = await store.history.standing('build');
      expect(standing).toMatchObject({
        running: { state: 'running' },
        queued: 1,
        lastRun: success,
        lastSuccess: success,
      });
      expect(Math.round(standing.usualDurationMs! / 1_000)).toBe(2);
      expect(await store.queue.isActive('build')).toBe(true);
      expect(await store.queue.isActive('sync')).toBe(false);
    });

    it('pages through a log, and gives its last lines', async () => {
      const { id: run } = await store.queue.enqueue(build);
      const at = '2026-01-08T21:00:00.123Z';
      const lines = [1, 2, 3].map(seq => ({
        seq,
        at,
        level: 'info' as const,
        message: `<b>${seq}</b> '; drop table naap_runs; --`,
      }));
      await store.logs.append(run, lines.slice(0, 2));
      // The answer of the database got lost, so they come once more.
      await store.logs.append(run, lines);
      expect(await store.logs.after(run, 0, 2)).toEqual(lines.slice(0, 2));
      expect(await store.logs.after(run, 2, 2)).toEqual(lines.slice(2));
      expect(await store.logs.last(run, 2)).toEqual(lines.slice(1));
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
      await store.logs.append('run-0', [line]);
      await store.logs.append('run-502', [line]);
      await store.history.prune([...STEPS]);
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
