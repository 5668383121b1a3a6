import { formatSpan } from './time';

describe('formatSpan', () => {
  const now = new Date('2026-11-28T19:00:00Z');
  const span = (from: string, to: string) =>
    formatSpan(new Date(from), new Date(to), now);

  it('has the date once where both ends are of one day, also today', () => {
    expect(span('2026-11-28T14:00Z', '2026-11-28T19:00Z')).toBe(
      '28 Nov 14:00 – 19:00 UTC',
    );
  });

  it('has it at both ends where these differ, and the year of another one', () => {
    expect(span('2026-11-26T15:54Z', '2026-11-28T19:00Z')).toBe(
      '26 Nov 15:54 – 28 Nov 19:00 UTC',
    );
    expect(span('2025-12-31T23:00Z', '2026-01-01T00:00Z')).toBe(
      '31 Dec 2025 23:00 – 1 Jan 00:00 UTC',
    );
  });
});
