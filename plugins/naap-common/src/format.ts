import type { KpiUnit } from './kpiCatalogue';

/** What stands for null. Never 0: null means "no evidence". */
export const NOTHING = '–';

// Between a number and its unit, so that they never part at the end of a line.
const NARROW_SPACE = '\u202f';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A number with its unit, apart, for layouts that set them in different sizes. */
export interface Quantity {
  number: string;
  /** Empty where the KPI has no unit. */
  unit: string;
}

// Making a formatter costs far more than using it, and a table of a thousand rows uses it often.
const DECIMALS = [0, 1, 2, 3].map(
  decimals =>
    new Intl.NumberFormat('en-US', {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    }),
);
const TWO_DIGITS = new Intl.NumberFormat('en-US', {
  maximumSignificantDigits: 2,
});
const MID = new Intl.NumberFormat('en-US', {
  minimumSignificantDigits: 2,
  maximumSignificantDigits: 2,
});
const THREE_DIGITS = new Intl.NumberFormat('en-US', {
  maximumSignificantDigits: 3,
});

/** With so many decimals, rounded as a reader rounds the digits that he sees: 2.655 is 2.66, which toFixed misses. */
function fixed(value: number, decimals: 0 | 1 | 2 | 3): string {
  return DECIMALS[decimals].format(value);
}

/** A duration's figure with three digits: `2.66`, `12.7`. */
function threeDigits(value: number): string {
  return fixed(value, Math.abs(value) < 9.995 ? 2 : 1);
}

/** A ratio without a unit: `0.116`, `1.84`, `0`. */
function ratio(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.0005) {
    return '< 0.001';
  }
  return value === 0 ? '0' : fixed(value, Math.abs(value) < 1 ? 3 : 2);
}

/** A duration in ms as `820 ms`, `2.66 s`, `12 min`, `3.2 h`, `5 days`. */
export function durationQuantity(ms: number): Quantity {
  const size = Math.abs(ms);
  if (Math.round(size) < SECOND) {
    return { number: String(Math.round(ms)), unit: 'ms' };
  }
  if (size < 59.95 * SECOND) {
    return { number: threeDigits(ms / SECOND), unit: 's' };
  }
  if (size < 9.95 * MINUTE) {
    return { number: fixed(ms / MINUTE, 1), unit: 'min' };
  }
  if (size < 59.5 * MINUTE) {
    return { number: String(Math.round(ms / MINUTE)), unit: 'min' };
  }
  if (size < 2 * DAY) {
    return { number: fixed(ms / HOUR, 1), unit: 'h' };
  }
  return { number: formatCount(Math.round(ms / DAY)), unit: 'days' };
}

/** A fraction as percent by size: `0`, `0.42`, `2.4`, `12.5`, `100`. */
function percent(fraction: number): string {
  const value = fraction * 100;
  if (value === 0) {
    return '0';
  }
  if (Math.abs(value) < 0.995) {
    return TWO_DIGITS.format(value);
  }
  return fixed(value, value >= 99.95 ? 0 : 1);
}

/** A value of a KPI in the unit that a reader wants. */
export function quantity(value: number, unit: KpiUnit): Quantity {
  switch (unit) {
    case 'ms':
      return durationQuantity(value);
    case 'fraction':
      return { number: percent(value), unit: '%' };
    case 'fps':
      return {
        number: value === 0 ? '0' : fixed(value, 1),
        unit: 'fps',
      };
    default:
      return { number: ratio(value), unit: '' };
  }
}

function join({ number, unit }: Quantity): string {
  return unit ? `${number}${NARROW_SPACE}${unit}` : number;
}

/** A value of a KPI as text; null is "–". */
export function formatValue(value: number | null, unit: KpiUnit): string {
  return value === null ? NOTHING : join(quantity(value, unit));
}

/** The mid value of a bucket: it is known to two digits, and more would make rows look copied. */
export function formatMid(value: number | null, unit: KpiUnit): string {
  if (value === null) {
    return NOTHING;
  }
  const { number, unit: shownUnit } = quantity(
    Number(value.toPrecision(2)),
    unit,
  );
  const digits = Number(number.replaceAll(',', ''));
  return join({
    number: Number.isFinite(digits) ? MID.format(digits) : number,
    unit: shownUnit,
  });
}

/** A duration in ms as text; null is "–". */
export function formatDuration(ms: number | null): string {
  return formatValue(ms, 'ms');
}

/** An interval with the unit once: `1.6 – 3.5 %`. */
export function formatInterval(
  interval: { low: number; high: number },
  unit: KpiUnit,
): string {
  const low = quantity(interval.low, unit);
  const high = quantity(interval.high, unit);
  return low.unit === high.unit
    ? `${low.number} – ${join(high)}`
    : `${join(low)} – ${join(high)}`;
}

/** A count with thousands separated. */
export function formatCount(count: number): string {
  return fixed(count, 0);
}

/** A figure by size, with three digits: `0.0421`, `12.4`, `1,204`. */
export function formatNumber(value: number): string {
  return Math.abs(value) >= 100
    ? formatCount(value)
    : THREE_DIGITS.format(value);
}

/** `1 request`, `2 requests`, `1,204 samples`. */
export function formatCountOf(count: number, plural: string): string {
  const noun = count === 1 ? plural.replace(/s$/, '') : plural;
  return `${formatCount(count)} ${noun}`;
}

/** Cuts a long text in the middle, where host names and models differ least. */
export function cutMiddle(text: string, length: number): string {
  const characters = Array.from(text);
  if (characters.length <= length) {
    return text;
  }
  const head = Math.ceil((length - 1) / 2);
  const tail = length - 1 - head;
  return `${characters.slice(0, head).join('')}…${characters
    .slice(characters.length - tail)
    .join('')}`;
}

/** `0x0074…051f` of an address; any other text is cut in the middle. */
export function shortAddress(address: string): string {
  return /^0x[0-9a-f]{40}$/i.test(address)
    ? `${address.slice(0, 6)}…${address.slice(-4)}`
    : cutMiddle(address, 16);
}
