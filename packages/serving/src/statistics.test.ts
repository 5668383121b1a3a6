import fc from 'fast-check';
import { bucketMidValue, ratio, wilsonInterval } from './statistics';

describe('wilsonInterval (kpis.md §3: z = 1.959964)', () => {
  it('is [0, 1] when there is no trial', () => {
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
  });

  it.each([
    // Known intervals of the Wilson score.
    [1, 5, 0.03622414, 0.62446539],
    [0, 10, 0, 0.27753287],
    [10, 10, 0.72246713, 1],
    [24, 1000, 0.01618033, 0.03546314],
  ])('%d of %d', (successes, trials, low, high) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval[0]).toBeCloseTo(low, 6);
    expect(interval[1]).toBeCloseTo(high, 6);
  });

  it('holds the share and stays in [0, 1]', () => {
    const holds = fc.property(fc.nat(1e6), fc.nat(1e6), (a, b) => {
      const [successes, trials] = [Math.min(a, b), Math.max(a, b)];
      fc.pre(trials > 0);
      const [low, high] = wilsonInterval(successes, trials);
      const share = successes / trials;
      return low >= 0 && low <= share && share <= high && high <= 1;
    });
    expect(() => fc.assert(holds)).not.toThrow();
  });
});

it('ratio: no evidence is null, never 0 or NaN', () => {
  expect(ratio(0, 0)).toBeNull();
  expect(ratio(0, 4)).toBe(0);
  expect(ratio(1, 4)).toBe(0.25);
});

describe('bucketMidValue', () => {
  it('is within 1 % of every value from 1 up in the bucket', () => {
    const values = fc.double({ min: 1, max: 1e8, noNaN: true });
    const isClose = fc.property(values, x => {
      const bucket = Math.ceil(Math.log(Math.max(x, 1)) / Math.log(1.02));
      return Math.abs(bucketMidValue('ptff_ms', bucket) / x - 1) <= 0.01;
    });
    expect(() => fc.assert(isClose)).not.toThrow();
  });

  it('divides jitter by 10,000 and FPS by 100', () => {
    expect(bucketMidValue('jitter', 349)).toBeCloseTo(0.1, 2);
    expect(bucketMidValue('output_fps', 384)).toBeCloseTo(20, 0);
    expect(bucketMidValue('output_fps_fed', 384)).toBeCloseTo(20, 0);
  });
});
