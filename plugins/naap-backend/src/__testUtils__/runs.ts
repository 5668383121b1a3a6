import { mockServices } from '@backstage/backend-test-utils';
import { STEP_IDS } from '@naap/plugin-naap-common';
import type { Knex } from 'knex';
import { RunEvents } from '../runs/RunEvents';
import { RunExecutor } from '../runs/RunExecutor';
import { RunService } from '../runs/RunService';
import { RunStore } from '../runs/store';
import { setUpSteps } from './steps';

/** What one process of the portal has to do with runs, over fake steps. */
export function runsOn(knex: Knex, leaseMs: number = 60_000) {
  const { steps, runner } = setUpSteps();
  const room = { free: 50e9 };
  const store = new RunStore(knex);
  const events = new RunEvents();
  const shared = {
    store,
    events,
    steps: new Map(STEP_IDS.map(id => [id, steps.step(id)])),
  };
  const executor = new RunExecutor({
    ...shared,
    runner,
    leaseMs,
    logger: mockServices.rootLogger({ level: 'none' }),
  });
  const runs = new RunService({
    ...shared,
    executor,
    storage: async () => ({ freeBytes: room.free, full: false }),
  });
  return { events, executor, room, runs, steps, store };
}
