import { InvalidQueryError } from './errors';
import { hourWindow, isoTime, settledHours, windowState } from './window';

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
    expect(hourWindow({})).toEqual({ from: null, to: null });
  });

  it('ends where the tables end: nothing lies beyond', () => {
    expect(
      hourWindow({ from: '0001-01-01', to: '9999-12-31T23:59:59.999Z' }),
    ).toEqual({ from: 0, to: at('2106-02-07T06:00:00Z') });
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
