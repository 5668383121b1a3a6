import { TestDatabases } from '@backstage/backend-test-utils';
import { MIGRATIONS } from '../database';

describe('migrations', () => {
  const databases = TestDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
    disableDocker: true,
  });

  it.each(databases.eachSupportedId())('go up and down on %s', async id => {
    const knex = await databases.init(id);
    const has = () =>
      Promise.all(
        ['naap_runs', 'naap_run_logs'].map(name => knex.schema.hasTable(name)),
      );
    for (let round = 0; round < 2; round++) {
      await knex.migrate.latest({ directory: MIGRATIONS });
      expect(await has()).toEqual([true, true]);
      await knex.migrate.rollback({ directory: MIGRATIONS }, true);
      expect(await has()).toEqual([false, false]);
    }
  });
});
