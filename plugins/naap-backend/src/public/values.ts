import type { NaapSchemas } from '@naap/plugin-naap-common';

/** A fraction in percent. */
export const percent = (fraction: number | null) =>
  fraction === null ? null : 100 * fraction;

/** The interval of a rate in percent; null without a rate. */
export function percentInterval(
  rate: number | null,
  low: number,
  high: number,
): NaapSchemas['Interval'] {
  return rate === null ? null : { low: 100 * low, high: 100 * high };
}

/** ISO 8601 `from/to`; null when a side is open. */
export function intervalOf(window: {
  from: string | null;
  to: string | null;
}): string | null {
  return window.from && window.to ? `${window.from}/${window.to}` : null;
}
