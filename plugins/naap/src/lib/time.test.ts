import { formatAge, formatUtc, fromTimeInput, toTimeInput } from './time';

const now = new Date('2026-11-24T14:32:40.000Z');

describe('times (portal.md: in UTC, relative times tick)', () => {
  it.each([
    ['2026-11-24T14:32:00.000Z', '14:32'],
    ['2026-11-23T23:05:00.000Z', '23 Nov 23:05'],
    ['2025-01-02T03:04:00.000Z', '2 Jan 2025 03:04'],
  ])('%s is %s', (iso, text) => {
    expect(formatUtc(new Date(iso), now)).toBe(text);
  });

  it.each([
    [-500, 'now'],
    [999, 'now'],
    [40_900, '40 s ago'],
    [12 * 60_000, '12 min ago'],
    [270 * 86_400_000, '270 days ago'],
  ])('an age of %p ms is %s', (ms, text) => {
    expect(formatAge(ms).replaceAll('\u202f', ' ')).toBe(text);
  });

  it('reads the hour of an input as UTC', () => {
    expect(toTimeInput('2026-11-24T14:00:00.000Z')).toBe('2026-11-24T14:00');
    expect(fromTimeInput('2026-11-24T14:00')).toBe('2026-11-24T14:00:00.000Z');
    expect(fromTimeInput('')).toBeNull();
  });
});
