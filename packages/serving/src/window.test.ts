import { InvalidQueryError } from './errors';
import {
  hourWindow,
  isoTime,
  settledHours,
  spansOf,
  windowAt,
  windowState,
} from './window';

const at = (text: string) => Date.parse(text);

describe('hourWindow', () => {
  it('floors from and ceils to to whole UTC hours', () => {
    const window = hourWindow({
      from: '2026-01-08T21:59:59.999Z',
      to: '2026-01-08T22:00:00.001Z',
    });
    expect(isoTime(window.from)).toBe('2026-01-08T21:00:00.000Z');
    expect(isoTime(window.to)).toBe('2026-01-08T23:00:00.000Z');
  });

  it('takes offsets and dates, and absent bounds as none', () => {
    expect(isoTime(hourWindow({ from: '2026-01-08T23:30+02:00' }).from)).toBe(
      '2026-01-08T21:00:00.000Z',
    );
    expect(isoTime(hourWindow({ to: '2026-01-08' }).to)).toBe(
      '2026-01-08T00:00:00.000Z',
    );
    expect(hourWindow({})).toEqual({ from: null, to: null, grain: '1h' });
  });

  it('ends where the tables end: nothing lies beyond', () => {
    expect(
      hourWindow({ from: '0001-01-01', to: '9999-12-31T23:59:59.999Z' }),
    ).toEqual({ from: 0, to: at('2106-02-07T06:00:00Z'), grain: '1h' });
  });

  it.each([
    [{ from: 'yesterday' }, /from must be an ISO 8601 time.*"yesterday"/],
    // Without a zone it would mean another time on every machine.
    [{ to: '2026-01-08T10:00:00' }, /to must be an ISO 8601 time/],
    [{ from: '2026-13-01' }, /from must be/],
    [{ from: '2026-01-08', to: '2026-01-08' }, /from must be before to/],
  ])('rejects %j', (window, message) => {
    expect(() => hourWindow(window)).toThrow(InvalidQueryError);
    expect(() => hourWindow(window)).toThrow(message);
  });
});

describe('windowAt', () => {
  const watermark = at('2026-01-10T12:34:56Z');
  const ends = (
    from?: string,
    to?: string,
    mark: number | null = watermark,
  ) => {
    const window = windowAt({ from, to }, mark);
    return [window.grain, isoTime(window.from), isoTime(window.to)].join(' ');
  };

  it('is exact to five minutes from two days before the watermark on', () => {
    expect(ends('2026-01-10T11:32:01Z', '2026-01-10T12:32:01Z')).toBe(
      '5m 2026-01-10T11:30:00.000Z 2026-01-10T12:35:00.000Z',
    );
    expect(ends('2026-01-08T12:34:56Z')).toBe('5m 2026-01-08T12:30:00.000Z ');
  });

  it('is of whole hours before that, without a beginning, and before anything is served', () => {
    expect(ends('2026-01-08T12:34:55Z', '2026-01-10T12:32:01Z')).toBe(
      '1h 2026-01-08T12:00:00.000Z 2026-01-10T13:00:00.000Z',
    );
    expect(ends(undefined, '2026-01-10T12:32:01Z')).toBe(
      '1h  2026-01-10T13:00:00.000Z',
    );
    expect(ends('2026-01-10T12:32:01Z', undefined, null)).toBe(
      '1h 2026-01-10T12:00:00.000Z ',
    );
  });

  it('rejects a window of nothing', () => {
    expect(() => ends('2026-01-10T12:10:00Z', '2026-01-10T12:05:00Z')).toThrow(
      InvalidQueryError,
    );
  });
});

describe('spansOf', () => {
  const times = [0, 5, 60, 65, 115, 120, 180].map(minutes => minutes * 60_000);
  const HOUR = 3_600_000;

  it('covers a window once, with whole hours in the middle', () => {
    for (const from of [null, ...times]) {
      for (const to of [null, ...times]) {
        if (from !== null && to !== null && from >= to) continue;
        const { hours, slots } = spansOf({ from, to });
        for (const bound of [hours?.from, hours?.to]) {
          expect((bound ?? 0) % HOUR).toBe(0);
        }
        const covered = (time: number) =>
          [hours, ...slots].filter(
            span =>
              span &&
              time >= (span.from ?? -Infinity) &&
              time < (span.to ?? Infinity),
          ).length;
        for (const time of [-1, ...times, 4 * HOUR]) {
          const isIn = time >= (from ?? -Infinity) && time < (to ?? Infinity);
          expect(covered(time)).toBe(isIn ? 1 : 0);
        }
      }
    }
  });
});

describe('windowState (kpis.md §5)', () => {
  const window = { from: at('2026-01-08'), to: at('2026-01-09') };

  it.each([
    ['2026-01-09T00:59:59.999Z', 'provisional'],
    ['2026-01-09T01:00:00.000Z', 'final'],
  ])('with the watermark at %s it is %s', (watermark, state) => {
    expect(windowState(window, at(watermark), [])).toBe(state);
  });

  it('is provisional without an end and null before anything is served', () => {
    expect(windowState({ from: null, to: null }, at('2026-02-01'), [])).toBe(
      'provisional',
    );
    expect(windowState(window, null, [])).toBeNull();
  });

  it('is revised when one of its hours was', () => {
    const watermark = at('2026-01-10');
    const revised = (hour: string) =>
      windowState(window, watermark, [at(hour)]);
    expect(revised('2026-01-08T23:00Z')).toBe('revised');
    expect(revised('2026-01-09T00:00Z')).toBe('final');
    expect(
      windowState({ from: null, to: window.to }, watermark, [at('2026-01-01')]),
    ).toBe('revised');
  });

  it('settles an hour 60 minutes after its end', () => {
    const hours = [at('2026-01-08T10:00Z'), at('2026-01-08T11:00Z')];
    expect(settledHours(hours, at('2026-01-08T12:59Z'))).toEqual([hours[0]]);
  });
});
