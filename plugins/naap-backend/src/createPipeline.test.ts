import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { STEP_IDS, type StepId } from '@naap/plugin-naap-common';
import type { Knex } from 'knex';
import { FakeBus, FakeSteps } from './__testUtils__/fakes';
import { until } from './__testUtils__/portal';
import { createPipeline, type Pipeline } from './createPipeline';
import { MIGRATIONS } from './database';
import { RunStore } from './runs';

describe('portals that share a database and the stages', () => {
  const databases = TestDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
    disableDocker: true,
  });

  describe.each(databases.eachSupportedId())('on %s', id => {
    let knex: Knex;
    const portals: Pipeline[] = [];

    beforeEach(async () => {
      knex = await databases.init(id);
      await knex.migrate.latest({ directory: MIGRATIONS });
    });

    afterEach(async () => {
      await Promise.all(portals.splice(0).map(portal => portal.stop()));
    });

    /** Another one over the same engines in memory. */
    const start = async (
      bus: FakeBus,
      steps: FakeSteps,
      {
        brought = STEP_IDS,
        executes,
      }: { brought?: readonly StepId[]; executes?: readonly StepId[] } = {},
    ) => {
      const portal = await createPipeline({
        steps: new Map(brought.map(step => [step, steps.step(step)])),
        bus,
        store: new RunStore(knex),
        storage: () => bus.storage(),
        onCommitted: async () => {},
        executes,
        leaseMs: 60_000,
        logger: mockServices.logger.mock(),
      });
      portals.push(portal);
      return portal;
    };
    /** Has its loop look until it has served something. */
    const serves = async (portal: Pipeline) => {
      const before = (await portal.state()).lastSyncAt;
      await until(async () => {
        await portal.tick();
        return (await portal.state()).lastSyncAt !== before;
      });
    };

    it('drive one pipeline, each step once for what came in', async () => {
      const bus = new FakeBus();
      const steps = new FakeSteps(bus);
      steps.on = async () => ({ changed: true, details: {} });
      const [one, other] = [await start(bus, steps), await start(bus, steps)];
      bus.append(3);
      // Each looks once after its start whether another version has left something.
      for (const portal of [one, other]) await serves(portal);
      steps.ran.length = 0;
      for (const portal of [one, other, other, one]) {
        bus.append(5);
        await serves(portal);
      }
      const once = ['commit', 'build', 'sync'];
      expect(steps.ran).toEqual([...once, ...once, ...once, ...once]);
    });

    it('build what comes into the lake by itself, where no engine brings a commit', async () => {
      const bus = new FakeBus();
      const steps = new FakeSteps(bus);
      steps.on = async () => ({ changed: true, details: {} });
      const portal = await start(bus, steps, { brought: ['build', 'sync'] });
      await serves(portal);
      steps.ran.length = 0;
      bus.append(3);
      await portal.tick();
      expect(steps.ran).toEqual([]);
      await steps.brought();
      await serves(portal);
      expect(steps.ran).toEqual(['build', 'sync']);
      expect(await portal.state()).toMatchObject({
        lastCommitAt: null,
        lastError: null,
      });
    });

    it('execute nothing where workers do, and tell what those did', async () => {
      const bus = new FakeBus();
      const steps = new FakeSteps(bus);
      steps.on = async () => ({ changed: true, details: {} });
      const portal = await start(bus, steps, { executes: [] });
      bus.append(3);
      await portal.tick();
      expect(await portal.runs.queued()).toBe(0);
      const asked = await portal.runs.start({
        step: 'maintain',
        trigger: 'manual',
        startedBy: 'user:default/ada',
      });
      await portal.tick();
      expect(steps.ran).toEqual([]);

      const one = await start(bus, steps, { executes: ['commit', 'build'] });
      const other = await start(bus, steps, { executes: ['maintain', 'sync'] });
      await until(async () => {
        for (const worker of [one, other]) await worker.tick();
        const { lastSyncAt } = await portal.state();
        return lastSyncAt && steps.ran.includes('maintain');
      });
      expect(await portal.runs.answer(asked.id)).toMatchObject({
        step: 'maintain',
        changed: true,
      });
      expect(await one.state()).toEqual(await portal.state());
    });

    it('tell of the newest failure until its step has succeeded, wherever that was', async () => {
      const bus = new FakeBus();
      const steps = new FakeSteps(bus);
      steps.on = async step => {
        if (step === 'build') throw new Error('no room');
        return { changed: true, details: {} };
      };
      const portal = await start(bus, steps, { executes: [] });
      const worker = await start(bus, steps, { executes: ['commit', 'build'] });
      bus.append(3);
      await until(async () => {
        await worker.tick();
        return (await portal.state()).lastError;
      });
      expect((await portal.state()).lastError).toMatchObject({
        step: 'build',
        message: expect.stringContaining('no room'),
      });
      steps.on = async () => ({ changed: true, details: {} });
      const again = await portal.runs.start({
        step: 'build',
        trigger: 'manual',
        startedBy: 'user:default/ada',
      });
      await until(async () => {
        await worker.tick();
        return (await portal.runs.get(again.id)).state === 'succeeded';
      });
      expect((await portal.state()).lastError).toBeNull();
    });

    it('do all that is due once, also where both look at the same moment', async () => {
      const bus = new FakeBus();
      const steps = new FakeSteps(bus);
      const worked: StepId[] = [];
      // A run that was asked for in the moment in which the other's ended finds nothing to do.
      steps.on = async step => {
        const stands = await steps.step(step).progress?.(await bus.positions());
        const changed = stands?.source !== stands?.taken;
        if (changed) worked.push(step);
        return { changed, details: {} };
      };
      const both = [await start(bus, steps), await start(bus, steps)];
      const rounds = 3;
      for (let round = 1; round <= rounds; round++) {
        bus.append(5);
        await until(async () => {
          await Promise.all(both.map(portal => portal.tick()));
          return worked.length >= 3 * round;
        });
      }
      expect(worked).toEqual(
        Array.from({ length: rounds }, () => [
          'commit',
          'build',
          'sync',
        ]).flat(),
      );
    });
  });
});
