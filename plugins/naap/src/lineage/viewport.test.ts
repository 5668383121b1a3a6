import { centre, fit, open, reveal, zoomAt } from './viewport';

const screen = { width: 1000, height: 500 };
const box = { x: 100, y: 100, width: 200, height: 60 };

describe('the view of the lineage', () => {
  it('zooms around a point that stays where it is', () => {
    const view = zoomAt({ x: 10, y: 20, scale: 0.5 }, 2, { x: 110, y: 70 });
    expect(view).toEqual({ x: -90, y: -30, scale: 1 });
  });

  it('has a least and a largest scale', () => {
    const view = { x: 0, y: 0, scale: 1 };
    expect(zoomAt(view, 1000, { x: 0, y: 0 }).scale).toBe(2);
    expect(zoomAt(view, 0.001, { x: 0, y: 0 }).scale).toBe(0.08);
  });

  it('fits a drawing in the middle, and makes none larger than it is', () => {
    expect(fit({ width: 100, height: 100 }, screen)).toEqual({
      x: 450,
      y: 200,
      scale: 1,
    });
    expect(fit({ width: 1872, height: 100 }, screen).scale).toBe(0.5);
  });

  it('opens on all of a small drawing, and on the left side of a large one', () => {
    const small = { width: 400, height: 100 };
    expect(open(small, screen)).toEqual(fit(small, screen));
    expect(open({ width: 5000, height: 100 }, screen)).toEqual({
      x: 32,
      y: 215,
      scale: 0.7,
    });
  });

  it('centres a box so that it can be read', () => {
    expect(centre({ x: 0, y: 0, scale: 0.1 }, box, screen)).toEqual({
      x: 500 - 200 * 0.7,
      y: 250 - 130 * 0.7,
      scale: 0.7,
    });
  });

  it('moves no more than it takes to show a box', () => {
    const inView = { x: 0, y: 0, scale: 1 };
    expect(reveal(inView, box, screen)).toEqual(inView);
    expect(reveal({ x: -300, y: 480, scale: 1 }, box, screen)).toEqual({
      x: -68,
      y: 500 - 32 - 160,
      scale: 1,
    });
  });
});
