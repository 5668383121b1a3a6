import { InvalidQueryError } from './errors';
import { Window, WindowState } from './contract';

const HOUR = 3_600_000;
/** The last hour that the tables can hold; the first is 0. */
const LAST_HOUR = Math.floor((2 ** 32 - 1) / 3600) * HOUR;
/** A window is final when it ends at least this long before the watermark. */
const SETTLED = 60 * 60_000;

/** Whole UTC hours in unix ms, half open; null is no bound. */
export interface HourWindow {
  from: number | null;
  to: number | null;
}

// A time of day without a zone would be read in the zone of the machine.
const ISO = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

function parseTime(name: string, text: string): number {
  const time = ISO.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) {
    throw new InvalidQueryError(
      `${name} must be an ISO 8601 time with a zone, such as 2026-01-08T21:00:00Z, or a date; got ${JSON.stringify(
        text,
      )}`,
    );
  }
  return time;
}

/** A bound as the tables can hold it: nothing lies beyond. */
const held = (ms: number) => Math.min(Math.max(ms, 0), LAST_HOUR);

/**
 * The whole hours that a window covers: `from` floored, `to` ceiled.
 * @throws InvalidQueryError when a bound is no time or `from` is not before `to`
 */
export function hourWindow(window: Window): HourWindow {
  const from =
    window.from === undefined
      ? null
      : Math.floor(parseTime('from', window.from) / HOUR) * HOUR;
  const to =
    window.to === undefined
      ? null
      : Math.ceil(parseTime('to', window.to) / HOUR) * HOUR;
  if (from !== null && to !== null && from >= to) {
    throw new InvalidQueryError(
      `from must be before to; got ${window.from} and ${window.to}`,
    );
  }
  return { from: from && held(from), to: to && held(to) };
}

/** True when everything before `end` (unix ms) is settled by the watermark. */
export function isSettled(end: number, watermark: number): boolean {
  return end + SETTLED <= watermark;
}

/** The hours of a list (unix ms) that were final under a watermark. */
export function settledHours(hours: number[], watermark: number): number[] {
  return hours.filter(hour => isSettled(hour + HOUR, watermark));
}

/** Whether the numbers of a window may still move (docs/kpis.md §5); null before anything is served. */
export function windowState(
  window: HourWindow,
  watermark: number | null,
  revisedHours: number[],
): WindowState | null {
  if (watermark === null) return null;
  if (window.to === null || !isSettled(window.to, watermark)) {
    return 'provisional';
  }
  const { from, to } = window;
  return revisedHours.some(hour => hour >= (from ?? 0) && hour < to)
    ? 'revised'
    : 'final';
}

/** ISO 8601 UTC with milliseconds. */
export function isoTime(ms: number): string;
export function isoTime(ms: number | null): string | null;
export function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
