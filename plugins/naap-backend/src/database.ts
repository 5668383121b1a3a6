import {
  type DatabaseService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

export const MIGRATIONS = resolvePackagePath(
  '@naap/plugin-naap-backend',
  'migrations',
);

/** The plugin's own database, migrated unless the configuration says to skip that. */
export async function openDatabase(database: DatabaseService): Promise<Knex> {
  const knex = await database.getClient();
  if (!database.migrations?.skip) {
    await knex.migrate.latest({ directory: MIGRATIONS });
  }
  return knex;
}

/** Whether other processes may use the database: SQLite has one. */
export function isShared(knex: Knex): boolean {
  return !String(knex.client.config.client).includes('sqlite');
}

/** Unix ms by the clock that all replicas share: the database's. */
export function databaseNow(knex: Knex): Knex.Raw {
  return isShared(knex)
    ? knex.raw('(extract(epoch from clock_timestamp()) * 1000)::bigint')
    : knex.raw("cast((julianday('now') - 2440587.5) * 86400000.0 as integer)");
}

/** So many ms from now. */
export function databaseAfter(knex: Knex, ms: number): Knex.Raw {
  return knex.raw('? + ?', [databaseNow(knex), ms]);
}
