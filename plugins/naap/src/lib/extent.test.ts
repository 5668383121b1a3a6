import { extentOf } from './extent';

it('the extent of numbers is the lowest and the highest of them', () => {
  expect(extentOf([3, -1, 2])).toEqual({ low: -1, high: 3 });
});

it('the extent of a million numbers overflows no stack', () => {
  const values = Array.from({ length: 1_000_000 }, (_, index) => index);
  expect(extentOf(values)).toEqual({ low: 0, high: 999_999 });
});
