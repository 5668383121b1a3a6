import { createHash } from 'node:crypto';

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
