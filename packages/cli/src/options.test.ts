import { toFilters, toTime, toWindow } from './options';

describe('toFilters', () => {
  it('takes ~ for unknown', () => {
    expect(toFilters({ model: ['a', '~'] }).model).toEqual(['a', null]);
    expect(toFilters({}).gpu).toBeUndefined();
  });
});

describe('toWindow', () => {
  const now = Date.parse('2026-01-15T10:20:00Z');

  it('ends now where it is the last of something', () => {
    expect(toWindow({ last: '24h' }, now)).toEqual({
      from: '2026-01-14T10:20:00.000Z',
      to: '2026-01-15T10:20:00.000Z',
    });
    expect(toWindow({}, now)).toEqual({ from: undefined, to: undefined });
  });

  it('is one thing or the other', () => {
    expect(() => toWindow({ last: '2h' }, now)).toThrow(/1h, 24h, 7d, 30d/);
    expect(() => toWindow({ last: '1h', to: '2026-01-15' }, now)).toThrow(
      /without --from/,
    );
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
