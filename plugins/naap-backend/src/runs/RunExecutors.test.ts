import { TestDatabases } from '@backstage/backend-test-utils';
import { runsOn } from '../__testUtils__/runs';
import { gate } from '../__testUtils__/steps';
import { RunExecutors } from './RunExecutors';
import { MIGRATIONS } from './RunStore';

describe('RunExecutors', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

  it('takes no run of this process for lost, even when its lease is over', async () => {
    const knex = await databases.init('SQLITE_3');
    await knex.migrate.latest({ directory: MIGRATIONS });
    const [one, other] = [runsOn(knex), runsOn(knex)];
    const executors = new RunExecutors([one.executor, other.executor]);
    const door = gate();
    one.steps.on = async () => {
      await door.pass();
      return { changed: true, details: {} };
    };
    const { id } = await one.runs.start({
      step: 'build',
      trigger: 'manual',
      startedBy: 'user:default/ada',
    });
    await door.somebodyWaits;
    // As after a night with the lid closed.
    await knex('naap_runs').where({ id }).update({ lease_until: 1 });
    await executors.tick();
    door.open();
    expect(await one.runs.ended(id)).toMatchObject({ state: 'succeeded' });
    await executors.stop(0);
    expect(other.steps.ran).toEqual([]);
  });
});
