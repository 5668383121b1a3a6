import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import type { BronzeTable } from './LakeCommitter';
import { homePaths } from './paths';

/**
 * Path of the current `metadata.json` of a bronze table, from the catalog of a home; undefined before the first commit.
 * It changes with every commit: ask again for each query.
 */
export function metadataLocation(
  home: string,
  table: BronzeTable,
): string | undefined {
  const { catalog } = homePaths(home);
  if (!existsSync(catalog)) return undefined;
  // Not `readonly`: after a killed commit the first to open the file rolls its journal back.
  const database = new Database(catalog, { fileMustExist: true });
  try {
    return database
      .prepare<[string, string], string>(
        'SELECT metadata_location FROM iceberg_tables WHERE table_namespace = ? AND table_name = ?',
      )
      .pluck()
      .get('bronze', table);
  } catch (error) {
    // Killed between the making of the file and of its tables.
    if (/no such table/.test(String(error))) {
      return undefined;
    }
    throw error;
  } finally {
    database.close();
  }
}
