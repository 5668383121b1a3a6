import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { Database, openDatabase } from './client';
import { MigrationError } from './errors';
import { migrate } from './migrate';
import { migrations } from './migrations';

jest.setTimeout(60_000);

let directory: string;
let database: Database;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'naap-serving-migrate-'));
  database = await openDatabase({ path: join(directory, 'chdb') });
});

afterAll(async () => {
  await database.close();
  await rm(directory, { recursive: true, force: true });
});

it('applies every migration once, in order', async () => {
  const applied = await migrate(database, migrations.slice(0, 4));
  await database.command(
    "INSERT INTO naap.kpi_hourly (hour, gateway, requests) VALUES ('2026-01-08 00:00:00', 'of old', 7)",
  );
  applied.push(...(await migrate(database)));
  expect(applied).toHaveLength(migrations.length);
  expect(applied.slice(0, 3)).toEqual([
    '0001_gold',
    '0002_state',
    '0003_supply',
  ]);
  expect(applied).toEqual([...new Set(applied)].sort());
  expect(await migrate(database)).toEqual([]);
});

it('keeps the KPIs of before GPUs had ids, without one, and has none in tables by GPU', async () => {
  const rows = await database.rows(
    'SELECT gateway, gpu_id, toUInt32(requests) FROM naap.kpi_hourly',
  );
  expect(rows).toEqual([['of old', null, 7]]);
  await database.command(
    'INSERT INTO naap.stage_kpi_hourly SELECT * FROM naap.kpi_hourly',
  );
  await database.command(
    "ALTER TABLE naap.kpi_hourly REPLACE PARTITION '2026-01-08' FROM naap.stage_kpi_hourly",
  );
  expect(await database.rows("SHOW TABLES FROM naap LIKE '%kpi_gpu%'")).toEqual(
    [],
  );
});

it('goes on after a crash between the statements of a migration', async () => {
  await database.command('DROP TABLE naap.revised_hours');
  await database.command(
    'ALTER TABLE naap.schema_migrations DELETE WHERE id = 2 SETTINGS mutations_sync = 1',
  );
  expect(await migrate(database)).toEqual(['0002_state']);
  expect(await database.rows('EXISTS TABLE naap.revised_hours')).toEqual([[1]]);
});

it('refuses a migration that was changed after it was applied', async () => {
  const [gold, state, ...others] = migrations;
  const changed = { ...state, statements: [...state.statements, 'SELECT 1'] };
  const migrated = migrate(database, [gold, changed, ...others]);
  await expect(migrated).rejects.toThrow(MigrationError);
  await expect(migrated).rejects.toThrow(
    'Migration 0002_state was changed after it was applied',
  );
});

it('refuses tables that are newer than the program', async () => {
  await expect(migrate(database, migrations.slice(0, 1))).rejects.toThrow(
    'migration 0002_state is unknown here',
  );
});
