import { toFilters, toTime } from './options';

describe('toFilters', () => {
  it('takes ~ for unknown', () => {
    expect(toFilters({ model: ['a', '~'] }).model).toEqual(['a', null]);
    expect(toFilters({}).gpu).toBeUndefined();
  });
});

describe('toTime', () => {
  it.each([
    ['2026-02-25T20:00:00Z', '2026-02-25T20:00:00.000Z'],
    ['2026-02-25T21:00:00+01:00', '2026-02-25T20:00:00.000Z'],
    // Without a zone it is UTC, not this machine's.
    ['2026-02-25T20:00:00', '2026-02-25T20:00:00.000Z'],
    ['2026-02-25', '2026-02-25T00:00:00.000Z'],
  ])('reads %s', (text, time) => {
    expect(toTime('--from', text)).toBe(time);
  });

  it('names the option and what it was given', () => {
    expect(() => toTime('--from', 'yesterday')).toThrow(
      /--from is no time: "yesterday"/,
    );
  });
});
