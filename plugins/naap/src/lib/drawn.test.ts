import { axisOf, hasLine } from './drawn';

describe('what a drawing may say (portal.md)', () => {
  it('has room of 10 % around the target, or else the median', () => {
    expect(axisOf([100, 101], 100)).toEqual([90, 110.00000000000001]);
    expect(axisOf([100, 100, 101], null)).toEqual([90, 110.00000000000001]);
    expect(axisOf([5, 100], 100)).toEqual([5, 110.00000000000001]);
  });

  it('shows a target that no value is near', () => {
    expect(axisOf([0, 0.001], 0.01)).toEqual([0, 0.011000000000000001]);
  });

  it('has an axis of zeros, and none of nothing', () => {
    expect(axisOf([0, 0], null)).toEqual([0, 1]);
    expect(axisOf([], 3)).toBeNull();
  });

  it('has a line from six whole steps on', () => {
    const points = (known: number) =>
      Array.from({ length: 9 }, (_, i) => ({
        value: i < known ? 1 : null,
        running: i === 5,
      }));
    expect(hasLine(points(6))).toBe(false);
    expect(hasLine(points(7))).toBe(true);
  });
});
