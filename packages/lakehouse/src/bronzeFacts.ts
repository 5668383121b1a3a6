import { readFile } from 'node:fs/promises';
import { metadataLocation } from './catalog';
import { BRONZE_TABLES, type BronzeTable } from './LakeCommitter';

/** What a bronze table holds now. */
export interface BronzeFacts {
  rows: number;
  /** When it was last written to, ISO 8601; null: never. */
  committedAt: string | null;
}

interface TableMetadata {
  'current-snapshot-id'?: number | null;
  snapshots?: Array<{
    'snapshot-id': number;
    'timestamp-ms': number;
    summary?: Record<string, string>;
  }>;
}

/**
 * What the bronze tables of a home hold, from their metadata files: neither the worker nor an engine is asked, so a
 * build that runs holds nothing up. A table that was never committed to is absent.
 */
export async function readBronzeFacts(
  home: string,
): Promise<Partial<Record<BronzeTable, BronzeFacts>>> {
  const facts: Partial<Record<BronzeTable, BronzeFacts>> = {};
  for (const table of BRONZE_TABLES) {
    const location = metadataLocation(home, table);
    if (!location) continue;
    const metadata: TableMetadata = JSON.parse(
      await readFile(location.replace(/^file:\/\//, ''), 'utf8'),
    );
    // Ids have 63 bits: parsed alike, they are rounded alike, and the newest wins should two meet.
    const snapshot = metadata.snapshots?.findLast(
      s => s['snapshot-id'] === metadata['current-snapshot-id'],
    );
    facts[table] = {
      rows: Number(snapshot?.summary?.['total-records'] ?? 0),
      committedAt: snapshot
        ? new Date(snapshot['timestamp-ms']).toISOString()
        : null,
    };
  }
  return facts;
}
