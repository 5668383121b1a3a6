import { join } from 'node:path';
import { readTargetsFile, resolveFromFile } from './files';
import { Reputation, ReputationOptions } from './Reputation';
import { Scraper } from './Scraper';
import type { ScraperSettings } from './settings';
import type { Target } from './Target';
import { mergeTargets, targetsOfUrls } from './targets';

/** An orchestrator that no report named for so long is not asked any more. */
const CURRENT_MS = 7 * 24 * 3_600_000;

/** An orchestrator as capability reports in the lake name it. */
export interface Reported {
  /** Its address. */
  orchestrator: string;
  uris: readonly string[];
  /** ISO 8601; null: never. */
  last_seen_at: string | null;
}

/** A scraper as the settings want it. What it knows of strangers is in the home. */
export function scraperOf(
  settings: ScraperSettings,
  home: string,
  options: ReputationOptions = {},
): Scraper {
  const { policy, concurrency, hostsFile, contact } = settings;
  return new Scraper({
    policy,
    concurrency,
    contact,
    reputation: new Reputation(join(home, 'run', 'scraper.json'), options),
    ...(hostsFile !== null && { resolve: resolveFromFile(hostsFile) }),
  });
}

/**
 * What a round asks: what is configured, what the file lists, and the
 * orchestrators that were reported lately.
 *
 * @throws TargetFileError; errors of the file system
 */
export async function targetsOf(
  { targets, targetsFile }: ScraperSettings,
  reported: readonly Reported[],
  now: number,
): Promise<Target[]> {
  const listed = targetsFile === null ? [] : await readTargetsFile(targetsFile);
  const current = reported.filter(
    ({ last_seen_at: seen }) =>
      seen !== null && now - Date.parse(seen) <= CURRENT_MS,
  );
  return mergeTargets(
    targets,
    listed,
    current.flatMap(({ orchestrator, uris }) =>
      targetsOfUrls(uris, 'capabilities', [orchestrator]),
    ),
  );
}
