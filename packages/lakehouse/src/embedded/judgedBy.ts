import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { homePaths } from '../paths';
import { openLake } from './openLake';

const PROPERTY = 'naap.gate-version';
const TABLES = ['events', 'quarantine'] as const;

async function logHasRows(home: string): Promise<boolean> {
  const { log } = homePaths(home);
  return (
    existsSync(log) &&
    (await readdir(log)).some(name => name.endsWith('.arrows'))
  );
}

/**
 * Whether a home holds messages that a gate of another version judged, or may
 * hold some, or has a replay that was cut off. Looks at metadata alone.
 *
 * @param gateVersion - of the gate of today
 */
export async function needsReplay(
  home: string,
  gateVersion: number,
): Promise<boolean> {
  const { lakeWarehouse } = homePaths(home);
  if (existsSync(join(lakeWarehouse, '..', 'replay.json'))) return true;
  const tables = await openLake(home).catalog.tables();
  const versions = new Map(
    tables.map(({ name, properties }) => [name, properties[PROPERTY]]),
  );
  if (!TABLES.some(table => versions.has(table))) return logHasRows(home);
  return TABLES.some(table => versions.get(table) !== String(gateVersion));
}
