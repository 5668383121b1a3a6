import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { openChdb } from './chdb/chdbDatabase';
import { Database } from './database';
import { MigrationError } from './errors';
import { migrate } from './migrate';
import { migrations } from './migrations';
import {
  readPublishedState,
  readSyncedDays,
  writePublishedState,
} from './servedState';

let directory: string;
let database: Database;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'naap-serving-migrate-'));
  database = await openChdb({ path: join(directory, 'chdb') });
});

afterAll(async () => {
  await database.close();
  await rm(directory, { recursive: true, force: true });
});

const OF_BEFORE = migrations.slice(0, 6);

/** As an earlier version left it. */
async function serveRowOfOld(): Promise<void> {
  await database.command(
    "INSERT INTO naap.kpi_hourly (hour, gateway, requests) VALUES ('2026-01-08 00:00:00', 'of old', 7)",
  );
  await database.command(
    "INSERT INTO naap.sync_state (day, build_id, revision) VALUES ('2026-01-08', 'b1', 1)",
  );
  const { revision } = await readPublishedState(database);
  await writePublishedState(database, {
    revision: revision + 1,
    build: {
      id: 'b1',
      at: '2026-01-08T01:00:00.000Z',
      tests: { passed: 1, failed: 0, warned: 0 },
    },
    watermark: '2026-01-08T01:00:00.000Z',
    simulated: false,
    syncedAt: null,
    plan: null,
  });
}

it('applies every migration once, in order', async () => {
  const applied = await migrate(database, migrations.slice(0, 4));
  await serveRowOfOld();
  applied.push(...(await migrate(database, OF_BEFORE)));
  expect(applied).toHaveLength(OF_BEFORE.length);
  expect(applied.slice(0, 3)).toEqual([
    '0001_gold',
    '0002_state',
    '0003_supply',
  ]);
  expect(applied).toEqual([...new Set(applied)].sort());
  expect(await migrate(database, OF_BEFORE)).toEqual([]);
});

it('starts over with what gold holds when days get other partitions, and has no tables by GPU any more', async () => {
  expect(await database.rows('SELECT gateway FROM naap.kpi_hourly')).toEqual(
    [],
  );
  expect((await readPublishedState(database)).build).toBeNull();
  expect(await readSyncedDays(database)).toEqual(new Map());
  expect(await database.rows("SHOW TABLES FROM naap LIKE '%kpi_gpu%'")).toEqual(
    [],
  );
});

it('starts over when the contract changes, so that no number of the first version is taken for one of the second', async () => {
  await serveRowOfOld();
  expect(await migrate(database)).toEqual([
    '0007_second_contract',
    '0008_ingest_counts',
    '0009_operators',
    '0010_five_minutes',
  ]);
  expect(await migrate(database)).toEqual([]);
  expect(await database.rows('SELECT restarts FROM naap.kpi_hourly')).toEqual(
    [],
  );
  expect((await readPublishedState(database)).build).toBeNull();
  expect(await readSyncedDays(database)).toEqual(new Map());
  expect(
    await database.rows(
      "SELECT count() FROM system.columns WHERE database = 'naap' AND table LIKE '%kpi_hourly' AND name = 'unread_payments'",
    ),
  ).toEqual([[2]]);
});

it('starts over when windows become finer, so that none misses what sticks out of its hours', async () => {
  await serveRowOfOld();
  await database.command(
    'ALTER TABLE naap.schema_migrations DELETE WHERE id = 10 SETTINGS mutations_sync = 1',
  );
  expect(await migrate(database)).toEqual(['0010_five_minutes']);
  expect((await readPublishedState(database)).build).toBeNull();
  expect(await readSyncedDays(database)).toEqual(new Map());
  expect(await database.rows('SELECT * FROM naap.kpi_hourly')).toEqual([]);
  expect(
    await database.rows(
      `SELECT count() FROM system.columns WHERE database = 'naap' AND table LIKE '%_5min' AND name = 'slot'`,
    ),
  ).toEqual([[4]]);
});

it('keeps one partition of the sparse days of a month, and one of each other day', async () => {
  await database.command(
    `INSERT INTO naap.kpi_hourly (hour, sparse) VALUES ('2026-01-07 00:00:00', true), ('2026-01-08 00:00:00', true),
('2026-01-08 00:00:00', false), ('2026-01-09 00:00:00', false)`,
  );
  expect(
    await database.rows(
      "SELECT partition, rows FROM system.parts WHERE database = 'naap' AND table = 'kpi_hourly' AND active ORDER BY 1",
    ),
  ).toEqual([
    ['202601', 2],
    ['20260108', 1],
    ['20260109', 1],
  ]);
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
