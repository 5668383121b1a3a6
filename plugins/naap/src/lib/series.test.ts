import { formatSteps, grainOf, seriesOf, wholeSteps } from './series';

const window = (from: string, to: string) => ({ from, to });
const DAY = window('2026-01-01T22:00:00.000Z', '2026-01-02T02:00:00.000Z');
const LATER = {
  watermark: '2026-01-09T00:00:00.000Z',
  nowMs: Date.parse('2026-01-09T00:00:00Z'),
};

describe('the steps of a window', () => {
  it.each([
    ['2026-01-01T01:05:00Z', null, 'slot'],
    ['2026-01-01T02:05:00Z', null, 'slot'],
    ['2026-01-01T02:05:00Z', 'hour', 'hour'],
    // Three hundred points are too many.
    ['2026-01-02T00:00:00Z', 'slot', 'hour'],
    ['2026-01-02T00:00:00Z', null, 'hour'],
    ['2026-01-08T01:00:00Z', null, 'hour'],
    ['2026-01-09T00:00:00Z', null, 'day'],
    ['2026-01-09T00:00:00Z', 'hour', 'hour'],
    ['2026-01-02T00:00:00Z', 'day', 'day'],
    // Nine thousand hours are no picture.
    ['2027-01-01T00:00:00Z', 'hour', 'day'],
  ] as const)('up to %s, asked for %s: by %s', (to, asked, grain) => {
    expect(grainOf(window('2026-01-01T00:00:00Z', to), asked)).toBe(grain);
  });
});

describe('seriesOf', () => {
  it('has a point for every hour, and none of them is a zero that nobody said', () => {
    const row = { hour: '2026-01-01T23:00:00.000Z', requests: 0 };
    expect(seriesOf([row], 'hour', DAY, LATER).map(point => point.row)).toEqual(
      [null, row, null, null],
    );
  });

  it('takes days however they are written', () => {
    const rows = [{ day: '2026-01-01' }, { day: '2026-01-02T00:00:00.000Z' }];
    expect(seriesOf(rows, 'day', DAY, LATER)).toEqual([
      {
        at: '2026-01-01T00:00:00.000Z',
        row: rows[0],
        provisional: false,
        running: false,
      },
      {
        at: '2026-01-02T00:00:00.000Z',
        row: rows[1],
        provisional: false,
        running: false,
      },
    ]);
  });

  it('ends now, and marks what late messages may still change, and what is not over', () => {
    const points = seriesOf([], 'hour', DAY, {
      watermark: '2026-01-02T00:30:00.000Z',
      nowMs: Date.parse('2026-01-02T00:31:00Z'),
    });
    expect(
      points.map(point => [point.at, point.provisional, point.running]),
    ).toEqual([
      ['2026-01-01T22:00:00.000Z', false, false],
      ['2026-01-01T23:00:00.000Z', true, false],
      ['2026-01-02T00:00:00.000Z', true, true],
    ]);
  });

  it('calls nothing settled before anything was served', () => {
    expect(
      seriesOf([], 'day', DAY, { ...LATER, watermark: null }).every(
        point => point.provisional,
      ),
    ).toBe(true);
  });

  it('draws an hour in twelve points, and the one that runs', () => {
    const hour = window('2026-01-08T22:55:00.000Z', '2026-01-09T00:00:00.000Z');
    const row = { slot: '2026-01-08T23:00:00.000Z' };
    const points = seriesOf([row], 'slot', hour, {
      ...LATER,
      nowMs: Date.parse('2026-01-08T23:57:00Z'),
    });
    expect(points).toHaveLength(13);
    expect(points.map(point => point.row).filter(Boolean)).toEqual([row]);
    expect(points[1]).toMatchObject({ at: row.slot, row });
    expect(formatSteps(points.length, 'slot')).toBe('13 steps of five minutes');
  });

  it('is asked for so that its first and last hour are whole', () => {
    const cut = window('2026-01-08T22:55:00.000Z', '2026-01-09T22:55:00.000Z');
    expect(wholeSteps(cut, 'slot')).toEqual(cut);
    expect(wholeSteps(cut, 'hour')).toEqual(
      window('2026-01-08T22:00:00.000Z', '2026-01-09T23:00:00.000Z'),
    );
  });
});
