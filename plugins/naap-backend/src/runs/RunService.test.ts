import { TestDatabases } from '@backstage/backend-test-utils';
import { InputError } from '@backstage/errors';
import type { Run, RunLogLine, RunState } from '@naap/plugin-naap-common';
import type { Knex } from 'knex';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { runsOn } from '../__testUtils__/runs';
import { gate } from '../__testUtils__/steps';
import { TOUCHES } from '../__testUtils__/fakes';
import { MIGRATIONS } from '../database';

/** A busy machine must find the time to renew it. */
const SHORT_LEASE_MS = 2_000;
const ADA = { trigger: 'manual', startedBy: 'user:default/ada' } as const;
const BUILD = new Map([['build', TOUCHES.build] as const]);
const done = async () => ({ changed: true, details: {} });

describe('RunService and RunExecutor', () => {
  const databases = TestDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
    disableDocker: true,
  });

  describe.each(databases.eachSupportedId())('on %s', id => {
    let knex: Knex;
    const processes: Array<ReturnType<typeof runsOn>> = [];
    const startProcess = (leaseMs?: number) => {
      const started = runsOn(knex, leaseMs);
      processes.push(started);
      return started;
    };

    beforeEach(async () => {
      knex = await databases.init(id);
      await knex.migrate.latest({ directory: MIGRATIONS });
    });

    afterEach(async () => {
      for (const { executor, runs } of processes.splice(0)) {
        await executor.stop(0);
        runs.stop();
      }
    });

    it('begins nothing on a disk that is nearly full, and says so', async () => {
      const { room, runs, steps } = startProcess();
      room.free = 31 * 1024 ** 2;
      await expect(runs.start({ step: 'build', ...ADA })).rejects.toThrow(
        'The disk is full: 31 MB are free, and a step begins with 32 MB or more',
      );
      await expect(runs.runForLoop('commit')).rejects.toThrow('disk is full');
      expect((await runs.list({ limit: 5, offset: 0 })).total).toBe(0);
      room.free = 32 * 1024 ** 2;
      const { id: run } = await runs.start({ step: 'build', ...ADA });
      expect(await runs.ended(run)).toMatchObject({ state: 'succeeded' });
      expect(steps.ran).toEqual(['build']);
    });

    it('a run whose end can not be written for a while is no lost one, and the next goes on', async () => {
      const { runs, steps, store } = startProcess();
      let failures = 2;
      const finish = store.queue.finish.bind(store.queue);
      jest.spyOn(store.queue, 'finish').mockImplementation((...of) => {
        if (failures-- > 0) throw new Error('database or disk is full');
        return finish(...of);
      });
      const { id: run } = await runs.start({ step: 'build', ...ADA });
      const next = await runs.start({ step: 'commit', ...ADA });
      expect(await runs.ended(run)).toMatchObject({ state: 'succeeded' });
      expect(await runs.ended(next.id)).toMatchObject({ state: 'succeeded' });
      expect(steps.ran).toEqual(['build', 'commit']);
      expect((await runs.list({ limit: 5, offset: 0 })).total).toBe(2);
    });

    it('runs what is asked for, one after the other where steps touch the same, and keeps what became of it', async () => {
      const { runs, steps } = startProcess();
      steps.on = async (step, { options }) => {
        if (step === 'sync') throw new Error('disk is full');
        return { changed: true, details: { options }, rows: 7 };
      };
      const asked = await Promise.all([
        runs.start({ step: 'build', arguments: { full: true }, ...ADA }),
        runs.start({ step: 'sync', ...ADA }),
        runs.start({ step: 'build', ...ADA }),
      ]);
      expect(asked.map(run => run.state)).toEqual(
        asked.map(() => 'queued' satisfies RunState),
      );
      const [build, sync] = await Promise.all(
        asked.map(run => runs.ended(run.id)),
      );
      expect(build).toMatchObject({
        state: 'succeeded',
        startedBy: 'user:default/ada',
        rows: 7,
        details: { options: { full: true } },
      });
      expect(await runs.answer(build.id)).toMatchObject({ changed: true });
      expect(sync).toMatchObject({
        state: 'failed',
        error: 'Error: disk is full',
        details: null,
      });
      await expect(runs.answer(sync.id)).rejects.toThrow('disk is full');
      expect(steps.mostAtOnce).toBe(1);
      const { total } = await runs.list({ limit: 0, offset: 0 });
      expect(total).toBe(3);
    });

    it('runs side by side what touches nothing of each other, also where one takes long', async () => {
      const { runs, steps } = startProcess();
      const door = gate();
      steps.on = async step => {
        if (step === 'sync') await door.pass();
        return done();
      };
      const sync = await runs.start({ step: 'sync', ...ADA });
      await door.somebodyWaits;
      for (const step of ['commit', 'scrape'] as const) {
        const { id: beside } = await runs.start({ step, ...ADA });
        expect(await runs.ended(beside)).toMatchObject({ state: 'succeeded' });
      }
      expect(await runs.get(sync.id)).toMatchObject({ state: 'running' });
      door.open();
      expect(await runs.ended(sync.id)).toMatchObject({ state: 'succeeded' });
    });

    it('takes no run of its own for lost, even when its lease is over', async () => {
      const { executor, runs, steps } = startProcess();
      const door = gate();
      steps.on = async () => {
        await door.pass();
        return done();
      };
      const { id: run } = await runs.start({ step: 'build', ...ADA });
      await door.somebodyWaits;
      // As after a night with the lid closed.
      await knex('naap_runs').where({ id: run }).update({ lease_until: 1 });
      await executor.tick();
      door.open();
      expect(await runs.ended(run)).toMatchObject({ state: 'succeeded' });
      expect(steps.ran).toEqual(['build']);
    });

    it('blames the arguments of a run that failed by them, in whichever process', async () => {
      const { runs, steps } = startProcess();
      steps.on = async () => {
        throw new InputError("there is no model 'x'");
      };
      const { id: run } = await runs.start({ step: 'build', ...ADA });
      const answer = startProcess().runs.answer(run);
      await expect(answer).rejects.toThrow(InputError);
      await expect(answer).rejects.toThrow(/^there is no model 'x'$/);
      expect(await runs.get(run)).toMatchObject({
        error: "InputError: there is no model 'x'",
      });
    });

    it('refuses an argument that the step does not know, and a step that nobody brings', async () => {
      const { runs, steps } = startProcess();
      await expect(
        runs.start({ step: 'sync', arguments: { full: true }, ...ADA }),
      ).rejects.toThrow("'sync' knows no argument 'full'; it knows days");
      await expect(
        runs.start({ step: 'explode' as 'sync', ...ADA }),
      ).rejects.toThrow("No module brings the step 'explode'");
      expect(steps.ran).toEqual([]);
    });

    it('runs a step once, whichever of two processes takes it, and never twice at a time', async () => {
      const [a, b] = [startProcess(), startProcess()];
      let atOnce = 0;
      let mostAtOnce = 0;
      const slowly = async () => {
        mostAtOnce = Math.max(mostAtOnce, ++atOnce);
        await delay(20);
        atOnce--;
        return done();
      };
      a.steps.on = slowly;
      b.steps.on = slowly;
      for (const day of ['2026-01-01', '2026-01-02', '2026-01-03']) {
        const asked = await Promise.all(
          [a, b].map(({ runs }) =>
            runs.start({ step: 'sync', arguments: { days: [day] }, ...ADA }),
          ),
        );
        await Promise.all([
          a.runs.ended(asked[0].id),
          b.runs.ended(asked[1].id),
        ]);
      }
      expect(mostAtOnce).toBe(1);
      const { total, rows } = await a.runs.list({ limit: 100, offset: 0 });
      expect(a.steps.ran.length + b.steps.ran.length).toBe(total);
      expect(new Set(rows.map(run => run.state))).toEqual(
        new Set(['succeeded']),
      );
    });

    it('takes over the run of a process that died, and tells of the lost one', async () => {
      const dead = startProcess();
      const run = await dead.store.queue.enqueue({
        step: 'build',
        arguments: {},
        ...ADA,
      });
      await dead.store.queue.claim(BUILD, 'dead', 60_000);
      const { executor, events, runs, steps } = startProcess();
      const told: Run[] = [];
      events.onRun(news => told.push(news));
      await executor.tick();
      expect(steps.ran).toEqual([]);
      await knex('naap_runs').update({ lease_until: 0 });
      await executor.tick();
      const lost = await runs.ended(run.id);
      expect(lost).toMatchObject({ state: 'lost' });
      await expect(runs.answer(lost.id)).rejects.toThrow(
        'The process that ran it died',
      );
      const [recovery] = (await runs.list({ limit: 1, offset: 0 })).rows;
      expect(recovery).toMatchObject({ trigger: 'recovery', retryOf: run.id });
      await runs.ended(recovery.id);
      expect(steps.ran).toEqual(['build']);
      expect(told.map(({ id: of, state }) => [of, state])).toEqual([
        [run.id, 'lost'],
        [recovery.id, 'running'],
        [recovery.id, 'succeeded'],
      ]);
    });

    it('takes what runs for lost at the start of the only process there is, and only there', async () => {
      const before = startProcess();
      await before.store.queue.enqueue({
        step: 'build',
        arguments: {},
        ...ADA,
      });
      const run = (await before.store.queue.claim(BUILD, 'dead', 60_000))!;
      const { executor, runs } = startProcess();
      await executor.recoverOwn();
      expect((await runs.get(run.id)).state).toBe(
        id === 'SQLITE_3' ? 'lost' : 'running',
      );
    });

    it('keeps a long run by its heartbeat', async () => {
      const { executor, runs, steps } = startProcess(SHORT_LEASE_MS);
      const other = startProcess();
      steps.on = async () => {
        await delay(2 * SHORT_LEASE_MS);
        return done();
      };
      const { id: run } = await runs.start({ step: 'build', ...ADA });
      const watch = setInterval(() => other.executor.tick(), 50);
      expect(await runs.ended(run)).toMatchObject({ state: 'succeeded' });
      clearInterval(watch);
      await executor.tick();
      expect(other.steps.ran).toEqual([]);
    });

    it('stops a step whose run another process took over', async () => {
      const { runs, steps } = startProcess(SHORT_LEASE_MS);
      const began = Promise.withResolvers<void>();
      let reason: unknown;
      steps.on = async (_step, { signal }) => {
        began.resolve();
        await once(signal, 'abort');
        reason = signal.reason.message;
        throw new Error('killed');
      };
      const { id: run } = await runs.start({ step: 'build', ...ADA });
      await began.promise;
      await knex('naap_runs').where('id', run).update({ state: 'lost' });
      await runs.ended(run);
      while (!reason) await delay(20);
      expect(reason).toBe('another process took it over');
      expect(await runs.queued()).toBe(0);
    });

    it('gives up a run before its lease ends when that cannot be renewed, and runs it again', async () => {
      const { runs, steps, store } = startProcess(SHORT_LEASE_MS);
      jest
        .spyOn(store.queue, 'beat')
        .mockRejectedValue(new Error('no database'));
      let gaveUp = false;
      steps.on = async (_step, { signal }) => {
        if (gaveUp) return done();
        await once(signal, 'abort');
        gaveUp = true;
        throw signal.reason;
      };
      const { id: run } = await runs.start({ step: 'build', ...ADA });
      expect(await runs.ended(run)).toMatchObject({
        state: 'lost',
        error: 'The process that ran it gave it up',
      });
      const [again] = (await runs.list({ limit: 1, offset: 0 })).rows;
      expect(await runs.ended(again.id)).toMatchObject({
        state: 'succeeded',
        trigger: 'recovery',
      });
    });

    it('cancels what waits at once and what runs within a heartbeat, from any process', async () => {
      const { runs, steps } = startProcess(SHORT_LEASE_MS);
      const other = startProcess();
      steps.on = async (_step, { signal }) => {
        await once(signal, 'abort');
        throw new Error('killed');
      };
      const running = await runs.start({ step: 'build', ...ADA });
      const waiting = await runs.start({ step: 'sync', ...ADA });
      while ((await runs.get(running.id)).state !== 'running') await delay(10);
      expect(await runs.cancel(waiting.id, 'user:default/eve')).toMatchObject({
        state: 'cancelled',
      });
      await other.runs.cancel(running.id, 'user:default/eve');
      const ended = await runs.ended(running.id);
      expect(ended).toMatchObject({
        state: 'cancelled',
        error: 'Cancelled by user:default/eve',
      });
      await expect(runs.answer(ended.id)).rejects.toThrow('Cancelled by');
      expect(steps.ran).toEqual(['build']);
      await expect(runs.cancel(running.id, 'eve')).rejects.toThrow(
        'The run has ended: it is cancelled',
      );
      await expect(
        runs.cancel('00000000-0000-4000-8000-000000000000', 'eve'),
      ).rejects.toThrow('There is no run');
    });

    it('retries with the same step and arguments, only what has ended', async () => {
      const { runs, steps } = startProcess();
      const door = gate();
      steps.on = async () => {
        await door.pass();
        throw new Error('no');
      };
      const first = await runs.start({
        step: 'build',
        arguments: { model: 'kpi_hourly' },
        ...ADA,
      });
      await door.somebodyWaits;
      await expect(runs.retry(first.id, 'eve')).rejects.toThrow(
        'The run is running',
      );
      door.open();
      await runs.ended(first.id);
      steps.on = done;
      const again = await runs.retry(first.id, 'user:default/eve');
      expect(await runs.ended(again.id)).toMatchObject({
        state: 'succeeded',
        step: 'build',
        arguments: { model: 'kpi_hourly' },
        trigger: 'retry',
        retryOf: first.id,
        startedBy: 'user:default/eve',
      });
    });

    it('follows a run and its log to the end, here and in another process, also from the middle', async () => {
      const { runs, steps } = startProcess();
      const other = startProcess();
      const door = gate();
      steps.on = async (_step, { logger }) => {
        logger.info('first');
        await door.pass();
        logger.child({ part: 'b' }).warn('second', new Error('<b>odd\0</b>'));
        return done();
      };
      const { id: run } = await runs.start({ step: 'build', ...ADA });
      const follow = async (by: typeof runs, after?: number) => {
        const news: string[] = [];
        for await (const { line, run: state } of by.follow(run, { after })) {
          if (line) news.push(`${line.seq} ${line.level} ${line.message}`);
          else if (state) news.push(state.state);
        }
        return news;
      };
      await door.somebodyWaits;
      const followed = Promise.all([
        follow(runs),
        follow(other.runs),
        follow(runs, 1),
      ]);
      await delay(50);
      door.open();
      const second = '2 warn second: Error: <b>odd</b>';
      const [here, there, middle] = await followed;
      for (const news of [here, there]) {
        expect(news.filter(text => /^\d/.test(text)).slice(0, 2)).toEqual([
          '1 info first',
          second,
        ]);
        expect(news.at(-1)).toBe('succeeded');
      }
      expect(here).toContain('running');
      expect(middle).not.toContain('1 info first');
      expect(middle).toContain(second);
      const { rows, done: whole } = await runs.log(run, {
        after: 1,
        limit: 100,
      });
      expect((rows[0] as RunLogLine).seq).toBe(2);
      expect(whole).toBe(true);
      const first = await runs.log(run, { after: 0, limit: 1 });
      expect(first).toMatchObject({ done: false, next: expect.any(String) });
      const rest = await runs.log(run, {
        after: 0,
        limit: 100,
        cursor: first.next!,
      });
      expect(rest).toEqual({ rows, next: null, done: true });
    });

    it('a stop lets a step end in time', async () => {
      const { executor, runs, steps } = startProcess();
      const door = gate();
      steps.on = async () => {
        await door.pass();
        await delay(50);
        return done();
      };
      const { id: run } = await runs.start({ step: 'build', ...ADA });
      await door.somebodyWaits;
      door.open();
      await executor.stop(5_000);
      expect(await runs.get(run)).toMatchObject({ state: 'succeeded' });
    });

    it('a stop hands over a step that takes longer, and takes nothing more', async () => {
      const { executor, runs, steps } = startProcess();
      const began = Promise.withResolvers<void>();
      steps.on = async (_step, { signal }) => {
        began.resolve();
        await once(signal, 'abort');
        throw new Error('killed');
      };
      const { id: run } = await runs.start({ step: 'build', ...ADA });
      await runs.start({ step: 'sync', ...ADA });
      await began.promise;
      const waits = runs.ended('00000000-0000-4000-8000-000000000000');
      await expect(waits).rejects.toThrow('There is no run');
      await executor.stop(50);
      runs.stop();
      expect(await runs.get(run)).toMatchObject({ state: 'lost' });
      await expect(runs.start({ step: 'sync', ...ADA })).rejects.toThrow(
        'The portal is stopping',
      );
      await expect(runs.ended(run)).rejects.toThrow('The portal is stopping');
      expect(steps.ran).toEqual(['build']);

      const next = startProcess();
      await next.executor.tick();
      while ((await next.runs.queued()) > 0) await delay(10);
      const left = await next.runs.list({ limit: 10, offset: 0 });
      await Promise.all(left.rows.map(({ id: of }) => next.runs.ended(of)));
      expect([...next.steps.ran].sort()).toEqual(['build', 'sync']);
    });

    it('the loop asks for no run of a step that waits or runs already', async () => {
      const { runs, steps } = startProcess();
      const door = gate();
      steps.on = async () => {
        await door.pass();
        return done();
      };
      await runs.start({ step: 'build', arguments: { full: true }, ...ADA });
      expect(await runs.runForLoop('build')).toBeUndefined();
      door.open();
      expect(await runs.runForLoop('sync')).toMatchObject({
        state: 'succeeded',
        trigger: 'loop',
        startedBy: 'loop',
      });
    });
  });
});
