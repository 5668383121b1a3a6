import { floorHour, formatDay, formatUtc } from './time';

export const GRAINS = ['hour', 'day'] as const;
/** The steps of a series, whole and UTC. */
export type Grain = (typeof GRAINS)[number];

export const STEP_MS: Record<Grain, number> = {
  hour: 3_600_000,
  day: 24 * 3_600_000,
};

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

/** The steps that suit a window, if nobody asks for others: hours up to a week. */
export function grainOf(window: Span, asked: Grain | null): Grain {
  const length = Date.parse(window.to) - Date.parse(window.from);
  if (asked === 'day' || !allowsHours(window)) {
    return 'day';
  }
  return asked ?? (length <= WEEK_MS + STEP_MS.hour ? 'hour' : 'day');
}

/**
 * One point for every step of the window up to now, oldest first.
 *
 * @param rows - of an answer grouped by the grain.
 * @param watermark - ISO 8601, of the same answer.
 */
export function seriesOf<
  T extends { hour?: string | null; day?: string | null },
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
