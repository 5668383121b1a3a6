import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import {
  BRONZE_TABLES,
  type BronzeTable,
  type LakeCatalog,
  type LakeTable,
  type TableSnapshot,
} from '../LakeCatalog';
import { homePaths } from '../paths';

/** What is read of a table's `metadata.json`. */
interface TableMetadata {
  properties?: Record<string, string>;
  'current-snapshot-id'?: string | null;
  snapshots?: Array<{
    'snapshot-id': string;
    'timestamp-ms': number;
    summary?: Record<string, string>;
  }>;
}

/** A number of JavaScript has 53 bits, an id of a snapshot 64: these become texts. */
const SNAPSHOT_ID = /("(?:current-)?snapshot-id"\s*:\s*)(-?\d+)/g;

/** The Iceberg catalog of a home: a SQLite file that says which metadata file of a table is the current one. */
export class SqliteLakeCatalog implements LakeCatalog {
  constructor(private readonly home: string) {}

  async tables(): Promise<LakeTable[]> {
    const tables: LakeTable[] = [];
    for (const name of BRONZE_TABLES) {
      const metadata = await this.#metadata(name);
      if (metadata) {
        tables.push({ name, properties: metadata.properties ?? {} });
      }
    }
    return tables;
  }

  async snapshot(table: BronzeTable): Promise<TableSnapshot | null> {
    const metadata = await this.#metadata(table);
    const snapshot = metadata?.snapshots?.find(
      s => s['snapshot-id'] === metadata['current-snapshot-id'],
    );
    if (!snapshot) return null;
    return {
      id: snapshot['snapshot-id'],
      rows: Number(snapshot.summary?.['total-records'] ?? 0),
      committedAt: new Date(snapshot['timestamp-ms']).toISOString(),
    };
  }

  /**
   * Path of the current `metadata.json` of a table; undefined when the table is not there. It changes with every commit:
   * ask again for each query.
   */
  metadataLocation(table: BronzeTable): string | undefined {
    const { catalog } = homePaths(this.home);
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

  async #metadata(table: BronzeTable): Promise<TableMetadata | null> {
    const location = this.metadataLocation(table);
    if (!location) return null;
    const text = await readFile(location.replace(/^file:\/\//, ''), 'utf8');
    return JSON.parse(text.replaceAll(SNAPSHOT_ID, '$1"$2"'));
  }
}
