import type {
  AnswerMeta,
  KpiRow,
  NaapSchemas,
  SupplyRow,
} from '@naap/plugin-naap-common';
import { HOUR_MS } from './timeRange';

type DemandRow = NaapSchemas['DemandRow'];
type CapacityRow = NaapSchemas['CapacityRow'];

/** Length of the intervals of an answer. */
export type DemandInterval = '5m' | 'hour' | 'day';

/** The dimension of KPIs that they are. */
export const INTERVAL_DIMENSION = {
  '5m': 'slot',
  hour: 'hour',
  day: 'day',
} as const;

/** Ends of the window of an answer. */
type Ends = Pick<AnswerMeta['window'], 'from' | 'to'>;

const LENGTH_MS: Record<DemandInterval, number> = {
  '5m': 300_000,
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
};

const timeOf = (text: string | null | undefined) => Date.parse(text ?? '');

/** Unix ms of what of a time span lies in a window. */
function within({ from, to }: Ends, start: number, end: number) {
  return {
    start: from === null ? start : Math.max(start, timeOf(from)),
    end: to === null ? end : Math.min(end, timeOf(to)),
  };
}

/**
 * ISO 8601 `from/to` of the interval that a time lies in. An hour that the window cuts ends with it; a day is always the
 * whole day, whatever of it is asked for.
 */
function intervalAt(
  ms: number,
  interval: DemandInterval,
  window: Ends,
): string {
  const length = LENGTH_MS[interval];
  const first = Math.floor(ms / length) * length;
  const { start, end } =
    interval === 'day'
      ? { start: first, end: first + length }
      : within(window, first, first + length);
  return `${new Date(start).toISOString()}/${new Date(end).toISOString()}`;
}

/** Demand from KPIs by interval, gateway and region. */
export function demandRows(
  rows: KpiRow[],
  interval: DemandInterval,
  window: Ends,
): DemandRow[] {
  return rows.map(row => ({
    interval: intervalAt(
      timeOf(row[INTERVAL_DIMENSION[interval]]),
      interval,
      window,
    ),
    // A gateway without a name is an empty text.
    gateway: row.gateway || null,
    region: row.region ?? null,
    total_requests: row.requests,
    served: row.served,
    unserved: row.unserved,
    failed: row.failed,
    total_inference_minutes: row.inference_minutes,
    fees_eth: row.fees_eth,
    unread_payments: row.unread_payments,
    restarts: row.restarts,
  }));
}

/**
 * What was offered beside what was asked, from supply and KPIs by hour. The rate compares sums over the same hours:
 * those with a report that tells the capacity, each up to the watermark and as far as it lies in the window.
 */
export function capacityRows(options: {
  supply: SupplyRow[];
  demand: KpiRow[];
  interval: 'hour' | 'day';
  window: Ends;
  watermark: string | null;
}): CapacityRow[] {
  const { supply, demand, interval, window } = options;
  const watermark = options.watermark ? timeOf(options.watermark) : Infinity;
  const rows = new Map<string, CapacityRow>();
  const rowAt = (hour: number) => {
    const key = intervalAt(hour, interval, window);
    const row = rows.get(key) ?? {
      interval: key,
      hours: 0,
      gpus: null,
      capacity_minutes: null,
      inference_minutes: 0,
      capacity_rate: null,
      missing_capacity: 0,
    };
    rows.set(key, row);
    return row;
  };

  const reported = new Set<number>();
  for (const { hour: text, capacity, gpus } of supply) {
    const hour = timeOf(text);
    const { start, end } = within(window, hour, hour + HOUR_MS);
    const minutes = Math.max(0, Math.min(watermark, end) - start) / 60_000;
    const row = rowAt(hour);
    row.gpus = Math.max(row.gpus ?? 0, gpus);
    if (capacity !== null) {
      reported.add(hour);
      row.hours++;
      row.capacity_minutes = (row.capacity_minutes ?? 0) + capacity * minutes;
    }
  }
  for (const { hour: text, inference_minutes, unserved } of demand) {
    const hour = timeOf(text);
    const row = rowAt(hour);
    row.missing_capacity += unserved;
    if (reported.has(hour)) row.inference_minutes += inference_minutes;
  }
  return [...rows.values()]
    .map(row => ({
      ...row,
      capacity_rate: row.capacity_minutes
        ? row.inference_minutes / row.capacity_minutes
        : null,
    }))
    .sort((a, b) => a.interval.localeCompare(b.interval));
}
