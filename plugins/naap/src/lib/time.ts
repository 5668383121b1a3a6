export { formatAge, formatDay, formatUtc } from '@naap/plugin-naap-common';

const LOCAL = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'long',
});

/** The moment in full, in UTC and in the reader's own time zone, for hover. */
export function formatBothZones(at: Date): string {
  return `${at.toISOString()}\n${LOCAL.format(at)}`;
}

/** `datetime-local` text of an ISO time, read as UTC, whole hours. */
export function toTimeInput(iso: string): string {
  return iso.slice(0, 16);
}

/** The ISO time of a `datetime-local` text that means UTC; null if it is no time. */
export function fromTimeInput(text: string): string | null {
  const time = Date.parse(`${text}Z`);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** The start of the UTC hour. */
export function floorHour(ms: number): number {
  return Math.floor(ms / 3_600_000) * 3_600_000;
}
