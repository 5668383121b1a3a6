import { durationQuantity } from './format';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const LOCAL = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'long',
});

const two = (value: number) => String(value).padStart(2, '0');

/** `14:32` of today, `24 Nov 14:32` of another day, with the year if it is another one. All UTC. */
export function formatUtc(
  at: Date,
  now: Date,
  options: { seconds?: boolean } = {},
): string {
  const seconds = options.seconds ? `:${two(at.getUTCSeconds())}` : '';
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}${seconds}`;
  if (at.toISOString().slice(0, 10) === now.toISOString().slice(0, 10)) {
    return time;
  }
  return `${formatDay(at, now)} ${time}`;
}

/** `24 Nov`, with the year if it is another one. UTC. */
export function formatDay(at: Date, now: Date): string {
  const day = `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
  return at.getUTCFullYear() === now.getUTCFullYear()
    ? day
    : `${day} ${at.getUTCFullYear()}`;
}

/** The moment in full, in UTC and in the reader's own time zone, for hover. */
export function formatBothZones(at: Date): string {
  return `${at.toISOString()}\n${LOCAL.format(at)}`;
}

/** `now`, `40 s ago`, `12 min ago`, `3.2 h ago`, `270 days ago`. */
export function formatAge(ms: number): string {
  if (ms < 1000) {
    return 'now';
  }
  const { number, unit } =
    ms < 60_000
      ? { number: String(Math.floor(ms / 1000)), unit: 's' }
      : durationQuantity(ms);
  return `${number.replace(/\.0$/, '')}\u202f${unit} ago`;
}

/** `datetime-local` text of an ISO time, read as UTC, whole hours. */
export function toHourInput(iso: string): string {
  return `${iso.slice(0, 13)}:00`;
}

/** The ISO time of a `datetime-local` text that means UTC; null if it is no time. */
export function fromHourInput(text: string): string | null {
  const time = Date.parse(`${text}Z`);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** The start of the UTC hour. */
export function floorHour(ms: number): number {
  return Math.floor(ms / 3_600_000) * 3_600_000;
}
