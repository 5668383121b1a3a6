import { createHash } from 'crypto';
import { Database } from './database';
import { MigrationError } from './errors';
import { Migration, migrations as shipped } from './migrations';

function checksum(migration: Migration): string {
  return createHash('sha256')
    .update(migration.statements.join(';\n'))
    .digest('hex');
}

function label(migration: Pick<Migration, 'id' | 'name'>): string {
  return `${String(migration.id).padStart(4, '0')}_${migration.name}`;
}

/**
 * Brings the schema of database `naap` up to this version; returns the labels of the migrations that were applied now.
 * @throws MigrationError when an applied migration differs from the shipped one or is unknown to this version
 */
export async function migrate(
  database: Database,
  migrations: Migration[] = shipped,
): Promise<string[]> {
  await database.command('CREATE DATABASE IF NOT EXISTS naap');
  await database.command(
    `CREATE TABLE IF NOT EXISTS naap.schema_migrations (
  id UInt32,
  name String,
  checksum String,
  applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = MergeTree ORDER BY id`,
  );
  const applied = await database.rows<[number, string, string]>(
    'SELECT id, name, checksum FROM naap.schema_migrations ORDER BY id',
  );
  for (const [id, name, sum] of applied) {
    const known = migrations.find(migration => migration.id === id);
    if (!known) {
      throw new MigrationError(
        `The ClickHouse tables are newer than this version: migration ${label({
          id,
          name,
        })} is unknown here. Update this program.`,
      );
    }
    if (checksum(known) !== sum) {
      throw new MigrationError(
        `Migration ${label(
          known,
        )} was changed after it was applied. Restore it and put the change into a new migration.`,
      );
    }
  }
  const done = new Set(applied.map(([id]) => id));
  const now: string[] = [];
  for (const migration of migrations) {
    if (done.has(migration.id)) continue;
    for (const statement of migration.statements) {
      await database.command(statement);
    }
    await database.insert('naap.schema_migrations', [
      {
        id: migration.id,
        name: migration.name,
        checksum: checksum(migration),
      },
    ]);
    now.push(label(migration));
  }
  return now;
}
