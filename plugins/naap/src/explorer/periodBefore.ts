import { formatSpan, Window } from '@naap/plugin-naap-common';
import { floorHour, formatDay } from '../lib/time';

const HOUR_MS = 3_600_000;
/** The period before a longer window would begin too long ago for five minutes: the API would round it, over the window. */
const EXACT_MS = 12 * HOUR_MS;

/** Where the served numbers begin and end, ISO 8601. */
export interface ServedSpan {
  firstHour: string | null;
  watermark: string | null;
}

/**
 * The period of the same length that ends where a window begins, or, of a long window that begins within an hour, with the
 * hour before: it never reaches into the window.
 */
export function periodBefore(window: Required<Window>): Required<Window> {
  const from = Date.parse(window.from);
  const length = Date.parse(window.to) - from;
  const exact = length <= EXACT_MS;
  const to = exact ? from : floorHour(from);
  const before = exact ? length : Math.round(length / HOUR_MS) * HOUR_MS;
  return {
    from: new Date(to - before).toISOString(),
    to: new Date(to).toISOString(),
  };
}

/** Whether the served numbers begin before a period ends. */
export function isServed(
  period: Required<Window>,
  firstHour: string | null,
): boolean {
  return firstHour !== null && Date.parse(firstHour) < Date.parse(period.to);
}

/** What part of a window has data: `data since 26 Nov 15:00 UTC`; null where all of it up to now has. */
export function dataText(
  window: Required<Window>,
  served: ServedSpan,
  now: Date,
): string | null {
  const first = Date.parse(served.firstHour ?? '');
  const last = Date.parse(served.watermark ?? '');
  const end = Math.min(Date.parse(window.to), now.getTime());
  const beginsInside = first > Date.parse(window.from) && first < end;
  // An hour without an event may be a quiet one.
  const endsInside = last < end - HOUR_MS;
  if (beginsInside && endsInside) {
    return `data ${formatSpan(new Date(first), new Date(last), now)}`;
  }
  if (beginsInside) {
    return `data since ${momentText(first, now)}`;
  }
  return endsInside ? `data until ${momentText(last, now)}` : null;
}

/** `28 Nov 14:00 – 19:00 UTC`, up to now. */
export function spanText(window: Required<Window>, now: Date): string {
  const end = Math.min(Date.parse(window.to), now.getTime());
  return formatSpan(new Date(window.from), new Date(end), now);
}

function momentText(ms: number, now: Date): string {
  const at = new Date(ms);
  return `${formatDay(at, now)} ${at.toISOString().slice(11, 16)} UTC`;
}
