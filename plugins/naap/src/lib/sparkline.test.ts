import { sparklineShape } from './sparkline';

describe('sparkline', () => {
  it('keeps gaps as gaps and draws a lonely point as a dot', () => {
    expect(sparklineShape([0, 10, null, 5, null], 100, 20)).toEqual({
      path: 'M0 20L25 0',
      dots: 'M75 10h0',
      last: { x: 75, y: 10 },
    });
  });

  it('draws equal values in the middle, and nothing for no value', () => {
    expect(sparklineShape([3, 3], 100, 20).path).toBe('M0 10L100 10');
    expect(sparklineShape([null, null], 100, 20)).toEqual({
      path: '',
      dots: '',
      last: null,
    });
  });
});
