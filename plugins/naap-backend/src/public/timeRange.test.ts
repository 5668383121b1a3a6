import { windowOfRange } from './timeRange';

const NOW = Date.parse('2026-01-09T12:34:56Z');

describe('windowOfRange', () => {
  it.each([
    ['1h', '2026-01-09T11:34:56.000Z'],
    ['24h', '2026-01-08T12:34:56.000Z'],
    ['7d', '2026-01-02T12:34:56.000Z'],
    ['30d', '2025-12-10T12:34:56.000Z'],
  ])('%s ends now', (range, from) => {
    expect(windowOfRange('period', range, NOW)).toEqual({
      from,
      to: '2026-01-09T12:34:56.000Z',
    });
  });

  it('takes dates and times with a zone', () => {
    expect(
      windowOfRange('time_range', '2026-01-08/2026-01-08T12:00+02:00', NOW),
    ).toEqual({
      from: '2026-01-08T00:00:00.000Z',
      to: '2026-01-08T10:00:00.000Z',
    });
  });

  it.each([
    // Without a zone it would mean another time on every machine.
    ['2026-01-08T10:00:00/2026-01-09', 'ISO 8601'],
    ['2026-01-08', 'ISO 8601'],
    ['2026-01-08/', 'ISO 8601'],
    ['2026-01-08/2026-01-09/2026-01-10', 'ISO 8601'],
    ['2026-13-01/2026-14-01', 'ISO 8601'],
    ['toString', 'ISO 8601'],
    ['2026-01-09/2026-01-08', 'must begin before it ends'],
    ['2026-01-08/2026-01-08', 'must begin before it ends'],
  ])('refuses %s and names the parameter', (range, message) => {
    const act = () => windowOfRange('time_range', range, NOW);
    expect(act).toThrow(message);
    expect(act).toThrow("'time_range'");
  });
});
