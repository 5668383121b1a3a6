import Database from 'better-sqlite3';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Homes } from '../__testUtils__/homes';
import { homePaths } from '../paths';
import { SqliteLakeCatalog } from './SqliteLakeCatalog';

const homes = new Homes();
afterAll(() => homes.removeAll());

/** A home whose catalog names one table, with this metadata. */
function homeWith(metadata: string): string {
  const home = homes.create();
  const { catalog } = homePaths(home);
  const file = join(home, 'events.metadata.json');
  writeFileSync(file, metadata);
  mkdirSync(dirname(catalog), { recursive: true });
  const database = new Database(catalog);
  database.exec(
    'CREATE TABLE iceberg_tables (table_namespace TEXT, table_name TEXT, metadata_location TEXT)',
  );
  database
    .prepare("INSERT INTO iceberg_tables VALUES ('bronze', 'events', ?)")
    .run(`file://${file}`);
  database.close();
  return home;
}

describe('SqliteLakeCatalog', () => {
  it('tells ids of 64 bits apart that are one number to JavaScript', async () => {
    const snapshot = (id: string, rows: number) =>
      `{"snapshot-id": ${id}, "timestamp-ms": 1767952800000, "summary": {"total-records": "${rows}"}}`;
    const note = '{\\"snapshot-id\\":1}';
    const home = homeWith(
      `{"properties": {"naap.gate-version": "2", "note": "${note}"},
        "current-snapshot-id":9007199254740992,
        "snapshots": [${snapshot('9007199254740992', 1)}, ${snapshot(
        '9007199254740993',
        2,
      )}]}`,
    );
    const catalog = new SqliteLakeCatalog(home);
    expect(await catalog.snapshot('events')).toEqual({
      id: '9007199254740992',
      rows: 1,
      committedAt: '2026-01-09T10:00:00.000Z',
    });
    expect(await catalog.snapshot('batches')).toBeNull();
    expect(await catalog.tables()).toEqual([
      {
        name: 'events',
        properties: { 'naap.gate-version': '2', note: '{"snapshot-id":1}' },
      },
    ]);
  });

  it('is empty in a home of which nothing is made yet', async () => {
    const home = homes.create();
    const catalog = new SqliteLakeCatalog(home);
    expect(await catalog.tables()).toEqual([]);
    mkdirSync(dirname(homePaths(home).catalog), { recursive: true });
    writeFileSync(homePaths(home).catalog, '');
    expect(await catalog.tables()).toEqual([]);
    expect(await catalog.snapshot('events')).toBeNull();
  });
});
