import { formatSpan, Window } from '@naap/plugin-naap-common';
import { floorHour, formatDay } from '../lib/time';
import { isInHours } from './explorerState';

const HOUR_MS = 3_600_000;

/** Where the served numbers begin and end, ISO 8601. */
export interface ServedSpan {
  firstHour: string | null;
  watermark: string | null;
}

/**
 * The period of the same length that ends where a window begins. One so long ago that the API rounds it to hours is of whole
 * hours here, and ends with the hour before: rounded, it would reach into the window.
 */
export function periodBefore(
  window: Required<Window>,
  nowMs: number,
): Required<Window> {
  const start = Date.parse(window.from);
  const length = Date.parse(window.to) - start;
  const exact = spanOf(start - length, start);
  if (!isInHours(exact, nowMs)) {
    return exact;
  }
  const hours = Math.max(1, Math.round(length / HOUR_MS));
  const end = floorHour(start);
  return spanOf(end - hours * HOUR_MS, end);
}

function spanOf(from: number, to: number): Required<Window> {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
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
