import { linedSteps, TrendStep, trendTicks } from './trend';

const step = (value: number | null, running = false): TrendStep => ({
  at: '2026-01-01T00:00:00.000Z',
  value,
  band: null,
  p95: null,
  n: 1,
  provisional: running,
  running,
  absence: null,
});

describe('a trend as it is drawn', () => {
  it('is a line of whole steps, and a tail to the running one', () => {
    const steps = [step(1), step(2), step(9, true)];
    expect(linedSteps(steps).map(({ whole, tail }) => [whole, tail])).toEqual([
      [1, null],
      [2, 2],
      [null, 9],
    ]);
  });

  it('has round ticks around all that is drawn and the target', () => {
    expect(trendTicks([step(0.004), step(0)], 0.01)).toEqual([
      0, 0.005, 0.01, 0.015,
    ]);
    expect(trendTicks([step(1000), step(1010)], null)).toEqual([
      900, 1000, 1100, 1200,
    ]);
    expect(trendTicks([step(null)], 3)).toEqual([]);
  });
});
