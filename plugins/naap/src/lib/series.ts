import { formatCountOf } from './format';
import { floorHour, formatDay, formatUtc } from './time';

export const GRAINS = ['slot', 'hour', 'day'] as const;
/** The steps of a series, whole and UTC; a slot is five minutes. */
export type Grain = (typeof GRAINS)[number];

export const STEP_MS: Record<Grain, number> = {
  slot: 300_000,
  hour: 3_600_000,
  day: 24 * 3_600_000,
};

/** What a step is called. */
const NAMES: Record<Grain, { name: string; one: string; head: string }> = {
  slot: {
    name: 'five minutes',
    one: 'five minutes',
    head: 'Five minutes (UTC)',
  },
  hour: { name: 'hour', one: 'an hour', head: 'Hour (UTC)' },
  day: { name: 'day', one: 'a day', head: 'Day (UTC)' },
};

/** Up to here twelve points an hour can be told apart. */
const MOST_SLOTS_MS = 2 * STEP_MS.hour + 2 * STEP_MS.slot;
const WEEK_MS = 7 * STEP_MS.day;
/** So many hours still can be told apart. */
const MOST_HOURS_MS = 31 * STEP_MS.day;
/** A window is final once it ended an hour before the newest event (kpis.md §5). */
const SETTLED_MS = STEP_MS.hour;

/** One step of a window; `row` is null where the answer has none, which is no zero. */
export interface SeriesPoint<T> {
  /** ISO 8601 UTC start of the step. */
  at: string;
  row: T | null;
  /** Late messages may still change it. */
  provisional: boolean;
  /** It is not over. */
  running: boolean;
}

interface Span {
  from: string;
  to: string;
}

/** Whether a window can be shown by hour at all. */
export function allowsHours(window: Span): boolean {
  return Date.parse(window.to) - Date.parse(window.from) <= MOST_HOURS_MS;
}

/** Whether a window is short enough to be shown by five minutes. */
export function allowsSlots(window: Span): boolean {
  return Date.parse(window.to) - Date.parse(window.from) <= MOST_SLOTS_MS;
}

/** The steps that suit a window, if nobody asks for others: five minutes up to two hours, hours up to a week. */
export function grainOf(window: Span, asked: Grain | null): Grain {
  const length = Date.parse(window.to) - Date.parse(window.from);
  if (asked === 'day' || !allowsHours(window)) {
    return 'day';
  }
  if (asked === 'hour') {
    return 'hour';
  }
  if (allowsSlots(window)) {
    return 'slot';
  }
  return length <= WEEK_MS + STEP_MS.hour ? 'hour' : 'day';
}

/** The steps of what is told by the hour alone. */
export function atLeastHour(grain: Grain): Exclude<Grain, 'slot'> {
  return grain === 'slot' ? 'hour' : grain;
}

/** What a series is asked for, so that its first and last step are whole. */
export function wholeSteps(window: Span, grain: Grain): Span {
  const step = Math.min(STEP_MS[grain], STEP_MS.hour);
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    from: iso(Math.floor(Date.parse(window.from) / step) * step),
    to: iso(Math.ceil(Date.parse(window.to) / step) * step),
  };
}

/** `five minutes`, `hour`, `day`. */
export const grainName = (grain: Grain) => NAMES[grain].name;
/** `five minutes`, `an hour`, `a day`. */
export const oneStep = (grain: Grain) => NAMES[grain].one;
/** Head of a column of steps. */
export const stepHead = (grain: Grain) => NAMES[grain].head;

/** `24 hours`, `12 steps of five minutes`. */
export function formatSteps(count: number, grain: Grain): string {
  return grain === 'slot'
    ? `${formatCountOf(count, 'steps')} of five minutes`
    : formatCountOf(count, `${grain}s`);
}

/**
 * One point for every step of the window up to now, oldest first.
 *
 * @param rows - of an answer grouped by the grain.
 * @param watermark - ISO 8601, of the same answer.
 */
export function seriesOf<
  T extends {
    slot?: string | null;
    hour?: string | null;
    day?: string | null;
  },
>(
  rows: readonly T[],
  grain: Grain,
  window: Span,
  served: { watermark: string | null; nowMs: number },
): SeriesPoint<T>[] {
  const step = STEP_MS[grain];
  const byStart = new Map(
    rows.map(row => [Date.parse(row[grain] ?? ''), row] as const),
  );
  const end = Math.min(Date.parse(window.to), served.nowMs);
  const settled =
    served.watermark === null
      ? -Infinity
      : Date.parse(served.watermark) - SETTLED_MS;
  const points: SeriesPoint<T>[] = [];
  const first = Math.floor(Date.parse(window.from) / step) * step;
  for (let at = first; at < end; at += step) {
    points.push({
      at: new Date(at).toISOString(),
      row: byStart.get(at) ?? null,
      provisional:
        Math.min(at + step, floorHour(end - 1) + STEP_MS.hour) > settled,
      running: at + step > served.nowMs,
    });
  }
  return points;
}

/** A step of a series: `8 Jan 21:00`, `21:00` of today, or `8 Jan` of days. */
export function formatStep(at: string, grain: Grain): string {
  const now = new Date();
  return grain === 'day'
    ? formatDay(new Date(at), now)
    : formatUtc(new Date(at), now);
}

/** A step with what may still change of it: `21:00 UTC, not over`. */
export function stepTitle(
  { at, provisional, running }: Omit<SeriesPoint<unknown>, 'row'>,
  grain: Grain,
): string {
  const title = `${formatStep(at, grain)} UTC`;
  if (running) {
    return `${title}, not over`;
  }
  return provisional ? `${title}, provisional` : title;
}
