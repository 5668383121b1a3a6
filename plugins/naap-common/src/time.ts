import { durationQuantity } from './format';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const two = (value: number) => String(value).padStart(2, '0');

const timeOfDay = (at: Date) =>
  `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;

const isSameDay = (a: Date, b: Date) =>
  a.toISOString().slice(0, 10) === b.toISOString().slice(0, 10);

/** `14:32` of today, `24 Nov 14:32` of another day, with the year if it is another one. All UTC. */
export function formatUtc(
  at: Date,
  now: Date,
  options: { seconds?: boolean } = {},
): string {
  const seconds = options.seconds ? `:${two(at.getUTCSeconds())}` : '';
  const time = `${timeOfDay(at)}${seconds}`;
  return isSameDay(at, now) ? time : `${formatDay(at, now)} ${time}`;
}

/** `28 Nov 14:00 – 19:00 UTC`; both ends have their date where these differ. */
export function formatSpan(from: Date, to: Date, now: Date): string {
  const begin = `${formatDay(from, now)} ${timeOfDay(from)}`;
  const day = isSameDay(from, to) ? '' : `${formatDay(to, now)} `;
  return `${begin} – ${day}${timeOfDay(to)} UTC`;
}

/** `24 Nov`, with the year if it is another one. UTC. */
export function formatDay(at: Date, now: Date): string {
  const day = `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
  return at.getUTCFullYear() === now.getUTCFullYear()
    ? day
    : `${day} ${at.getUTCFullYear()}`;
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
