import { sparklineShape } from './sparkline';

const points = (values: Array<number | null>, running = false) =>
  values.map((value, index) => ({
    value,
    running: running && index === values.length - 1,
  }));

describe('sparkline', () => {
  it('keeps gaps as gaps and draws a lonely point as a dot', () => {
    const values = [0, 10, null, 5, null, 0, 10, 10, 0];
    expect(sparklineShape(points(values), null, 80, 20)).toEqual({
      path: 'M0 20L10 0M50 20L60 0L70 0L80 20',
      dashed: '',
      dots: 'M30 10h0',
      last: { x: 80, y: 20 },
    });
  });

  it('has no line of under six points, and nothing of no value', () => {
    const few = sparklineShape(points([1, 2, 1, 2, 1]), null, 100, 20);
    expect(few.path).toBe('');
    expect(few.dots.match(/M/g)).toHaveLength(5);
    expect(sparklineShape(points([null, null]), 3, 100, 20)).toEqual({
      path: '',
      dashed: '',
      dots: '',
      last: null,
    });
  });

  it('dashes the way to the running step, which is not the last one', () => {
    const shape = sparklineShape(
      points([10, 10, 10, 10, 10, 10, 0], true),
      null,
      60,
      22,
    );
    expect(shape.dashed).toBe('M50 2L60 22');
    expect(shape.path).toMatch(/^M0 2L.*L50 2$/);
    expect(shape.last).toEqual({ x: 50, y: 2 });
  });

  it('draws noise as noise: the axis spans 10 % around the target or median', () => {
    const flat = [100, 101, 100, 101, 100, 101];
    const { path } = sparklineShape(points(flat), null, 50, 20);
    const heights = [...path.matchAll(/ ([\d.]+)/g)].map(([, y]) => Number(y));
    expect(Math.max(...heights) - Math.min(...heights)).toBeLessThan(2);
    const far = sparklineShape(points(flat), 200, 50, 20);
    expect(far.last?.y).toBeGreaterThan(18);
  });
});
