import { acquire, exclusively, FileLocks, type Held } from '@naap/system';
import { homePaths } from './paths';

/** What of a home one holder has at a time, and how long another waits for it. */
const WAITS_MS = {
  /** Whoever writes to the tables. A commit or a compaction takes seconds. */
  lake: 60_000,
  /** Whoever judges anew or compacts: a replay names the files that it replaces. */
  replay: 10 * 60_000,
  /** Whoever builds gold or reads it. */
  warehouse: 10 * 60_000,
} as const;

type Part = keyof typeof WAITS_MS;

const rightOf = (home: string, part: Part) =>
  [
    new FileLocks(homePaths(home).run),
    part,
    { what: `The ${part} of ${home}`, waitMs: WAITS_MS[part] },
  ] as const;

/**
 * The right to a part of a home (`run/<part>.lock`), once it is free.
 *
 * @throws LockedError that names the holder, when the wait was too long
 */
export function holdIn(home: string, part: Part): Promise<Held> {
  return acquire(...rightOf(home, part));
}

/**
 * Works as the one holder of a part of a home.
 *
 * @throws LockedError as `holdIn`; what the work throws
 */
export function exclusivelyIn<T>(
  home: string,
  part: Part,
  work: () => Promise<T>,
): Promise<T> {
  return exclusively(...rightOf(home, part), work);
}
