import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { metadataLocation } from './catalog';
import { homePaths } from './paths';

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
  const locations = TABLES.map(table => metadataLocation(home, table));
  if (locations.every(location => location === undefined)) {
    return logHasRows(home);
  }
  for (const location of locations) {
    if (location === undefined) return true;
    const metadata: { properties?: Record<string, string> } = JSON.parse(
      await readFile(location.replace(/^file:\/\//, ''), 'utf8'),
    );
    if (metadata.properties?.[PROPERTY] !== String(gateVersion)) return true;
  }
  return false;
}
