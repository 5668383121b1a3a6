import { InvalidQueryError } from './errors';
import { Window, WindowGrain, WindowState } from './contract';

const HOUR = 3_600_000;
const GRAINS: Record<WindowGrain, number> = { '5m': 300_000, '1h': HOUR };
/** Windows that begin so long before the watermark are exact to five minutes. */
const RECENT = 48 * HOUR;
/** The last hour that the tables can hold; the first is 0. */
const LAST_HOUR = Math.floor((2 ** 32 - 1) / 3600) * HOUR;
/** A window is final when it ends at least this long before the watermark. */
const SETTLED = 60 * 60_000;

/** Unix ms, half open; null is no bound. */
export interface TimeWindow {
  from: number | null;
  to: number | null;
}

/** A window whose ends were rounded to a grain. */
export interface RoundedWindow extends TimeWindow {
  grain: WindowGrain;
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

/** @throws InvalidQueryError when a bound is no time or `from` is not before `to` */
function rounded(window: Window, grain: WindowGrain): RoundedWindow {
  const length = GRAINS[grain];
  const from =
    window.from === undefined
      ? null
      : Math.floor(parseTime('from', window.from) / length) * length;
  const to =
    window.to === undefined
      ? null
      : Math.ceil(parseTime('to', window.to) / length) * length;
  if (from !== null && to !== null && from >= to) {
    throw new InvalidQueryError(
      `from must be before to; got ${window.from} and ${window.to}`,
    );
  }
  return { from: from && held(from), to: to && held(to), grain };
}

/**
 * The whole hours that a window covers: `from` floored, `to` ceiled.
 * @throws InvalidQueryError when a bound is no time or `from` is not before `to`
 */
export function hourWindow(window: Window): RoundedWindow {
  return rounded(window, '1h');
}

/**
 * What a window covers under a watermark (unix ms): one that begins within the two days before it is exact to five minutes,
 * others are whole hours.
 * @throws InvalidQueryError when a bound is no time or `from` is not before `to`
 */
export function windowAt(
  window: Window,
  watermark: number | null,
): RoundedWindow {
  const isRecent =
    window.from !== undefined &&
    watermark !== null &&
    parseTime('from', window.from) >= watermark - RECENT;
  return rounded(window, isRecent ? '5m' : '1h');
}

const floorHour = (ms: number) => Math.floor(ms / HOUR) * HOUR;
const ceilHour = (ms: number) => Math.ceil(ms / HOUR) * HOUR;

/** The whole hours that a window touches. */
export function touchedHours({ from, to }: TimeWindow): TimeWindow {
  return { from: from && floorHour(from), to: to && ceilHour(to) };
}

/** Whether a window is of whole hours. */
export function isOfHours(window: TimeWindow): boolean {
  const { from, to } = touchedHours(window);
  return from === window.from && to === window.to;
}

/** What of a window is whole hours, and what of it lies in hours that it only touches. */
export function spansOf({ from, to }: TimeWindow): {
  hours: TimeWindow | null;
  slots: TimeWindow[];
} {
  const first = from && ceilHour(from);
  const end = to && floorHour(to);
  if (first !== null && end !== null && first > end) {
    return { hours: null, slots: [{ from, to }] };
  }
  return {
    hours:
      first !== null && end !== null && first === end
        ? null
        : { from: first, to: end },
    slots: [
      ...(first === from ? [] : [{ from, to: first }]),
      ...(end === to ? [] : [{ from: end, to }]),
    ],
  };
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
  window: TimeWindow,
  watermark: number | null,
  revisedHours: number[],
): WindowState | null {
  if (watermark === null) return null;
  if (window.to === null || !isSettled(window.to, watermark)) {
    return 'provisional';
  }
  const { from, to } = window;
  return revisedHours.some(hour => hour + HOUR > (from ?? 0) && hour < to)
    ? 'revised'
    : 'final';
}

/** ISO 8601 UTC with milliseconds. */
export function isoTime(ms: number): string;
export function isoTime(ms: number | null): string | null;
export function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
