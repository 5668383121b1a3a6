import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Time between rounds. Under the 5 minutes within which an event's own time
 * counts beside that of its envelope, which is the start of the round.
 */
export const INTERVAL_MS = 60_000;

/** Start of the round that a moment lies in, unix ms. */
export function roundOf(now: number, intervalMs: number): number {
  return Math.floor(now / intervalMs) * intervalMs;
}

/**
 * How long to wait for the next round, in (0, interval]: the clock may jump by
 * hours in either direction and the wait is never longer than that.
 */
export function untilNextRound(now: number, intervalMs: number): number {
  return roundOf(now, intervalMs) + intervalMs - now;
}

/** A number in [0, 1) that a text always has. */
export function shareOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;
}

/** How far into each round the moment of a target lies, ms in [0, spread). */
export function momentOf(key: string, spreadMs: number): number {
  return Math.floor(shareOf(key) * spreadMs);
}

/** The time, so that a test can let it jump. */
export interface Clock {
  now(): number;
  /** @throws the signal's reason */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const WALL_CLOCK: Clock = {
  now: Date.now,
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

/**
 * The starts of rounds, unix ms: the one that is on, and then each as it comes.
 * Rounds that pass while one is worked on are left out. Whatever the clock does,
 * the next one comes within an interval, and none comes twice in a row.
 *
 * @throws the signal's reason
 */
export async function* roundStarts(
  intervalMs: number,
  signal: AbortSignal,
  clock: Clock = WALL_CLOCK,
): AsyncGenerator<number, never> {
  let last: number | undefined;
  for (;;) {
    const now = clock.now();
    const start = roundOf(now, intervalMs);
    if (start === last) {
      await clock.sleep(untilNextRound(now, intervalMs), signal);
    } else {
      last = start;
      yield start;
    }
    signal.throwIfAborted();
  }
}
