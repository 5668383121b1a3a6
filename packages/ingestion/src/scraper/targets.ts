import {
  isName,
  isOverlong,
  MAX_NAME_CHARACTERS,
  NetworkCapabilitiesEntry,
  SCRAPE_TARGET_KINDS,
  ScrapeTargetKind,
  withoutTrailingSlashes,
} from '@naap/events';
import type { Target } from './Target';

export const SCRAPE_TARGET_KIND_LIST = SCRAPE_TARGET_KINDS.join(', ');

export function isTargetKind(kind: unknown): kind is ScrapeTargetKind {
  return SCRAPE_TARGET_KINDS.some(known => known === kind);
}

/** Targets that can't be read from a file: says where. */
export class TargetFileError extends Error {
  override name = 'TargetFileError';
}

/**
 * Targets of a file: one URL a line (blank lines and lines that begin with #
 * are none), or a JSON array of URLs and `{"url": …, "kind": …}`. Without a
 * kind it is an orchestrator.
 *
 * @throws TargetFileError
 */
export function parseTargets(text: string): Target[] {
  if (text.trimStart().startsWith('[')) {
    return parseArray(text).map((entry, index) => toTarget(entry, index));
  }
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(url => targetOf(url));
}

function parseArray(text: string): unknown[] {
  try {
    return JSON.parse(text) as unknown[];
  } catch (error) {
    throw new TargetFileError(`no JSON array: ${(error as Error).message}`);
  }
}

function toTarget(entry: unknown, index: number): Target {
  if (typeof entry === 'string') return targetOf(entry);
  const { url, kind = 'orchestrator' } = (entry ?? {}) as Record<
    string,
    unknown
  >;
  if (typeof url !== 'string') {
    throw new TargetFileError(`entry ${index} has no url`);
  }
  if (!isTargetKind(kind)) {
    throw new TargetFileError(
      `entry ${index} has no kind of ${SCRAPE_TARGET_KIND_LIST}`,
    );
  }
  return targetOf(url, kind);
}

function targetOf(url: string, kind: ScrapeTargetKind = 'orchestrator') {
  if (isOverlong(url)) {
    throw new TargetFileError(
      `a URL has over ${MAX_NAME_CHARACTERS} characters: ${url.slice(0, 80)}…`,
    );
  }
  return { url, kind, origins: ['file'] };
}

/** The orchestrators that capability reports name. */
export function targetsOfCapabilities(
  entries: readonly NetworkCapabilitiesEntry[],
  origin = 'capabilities',
): Target[] {
  return entries.flatMap(({ orch_uri: url, address }) =>
    targetsOfUrls([url], origin, [address]),
  );
}

/** Orchestrators by their URLs. What is no name is no target. */
export function targetsOfUrls(
  urls: readonly unknown[],
  origin: string,
  claimants: readonly string[] = [],
): Target[] {
  return urls
    .filter(isName)
    .map(url => ({ url, kind: 'orchestrator', origins: [origin], claimants }));
}

/** Longest URL that an event says. */
const MAX_URL = 512;

/**
 * A URL as events say it: without what may be a password, bounded, and in
 * printable ASCII, so that every engine that reads it folds its case alike.
 */
export function shownUrl(url: string): string {
  const printable = url
    .toWellFormed()
    // The URL parser doesn't see these either.
    .replace(/[\p{Cc} ]/gu, '')
    .replace(/[^\x21-\x7e]/gu, encodeURIComponent);
  const shown = printable
    .replace(/^((?:[a-z][a-z0-9+.-]*:)?[/\\]*)[^/\\?#]*@/i, '$1')
    .slice(0, MAX_URL);
  return /[^/]/.test(shown) ? shown : '-';
}

/** The same for all spellings of a URL that mean the same orchestrator (kpis.md, section 2). */
export function targetKey(url: string): string {
  return withoutTrailingSlashes(shownUrl(url).toLowerCase());
}

/** One target a URL, with all its origins. Of several kinds the first given stays. */
export function mergeTargets(
  ...lists: ReadonlyArray<readonly Target[]>
): Target[] {
  const merged = new Map<
    string,
    { first: Target; origins: Set<string>; claimants: Set<string> }
  >();
  for (const target of lists.flat()) {
    const key = targetKey(target.url);
    let known = merged.get(key);
    if (!known) {
      known = { first: target, origins: new Set(), claimants: new Set() };
      merged.set(key, known);
    }
    for (const origin of target.origins) known.origins.add(origin);
    for (const claimant of target.claimants ?? []) {
      known.claimants.add(claimant);
    }
  }
  return Array.from(merged.values(), ({ first, origins, claimants }) => ({
    ...first,
    origins: [...origins],
    claimants: [...claimants],
  }));
}
