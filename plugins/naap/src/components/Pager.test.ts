import { pageOf } from './Pager';

describe('a page of rows', () => {
  const rows = [1, 2, 3, 4, 5];

  it('is the rows of it, and fewer at the end', () => {
    expect(pageOf(rows, 0, 2)).toEqual([1, 2]);
    expect(pageOf(rows, 2, 2)).toEqual([5]);
  });

  it('is the last one where a refresh left fewer pages', () => {
    expect(pageOf(rows, 9, 2)).toEqual([5]);
    expect(pageOf([], 3, 2)).toEqual([]);
  });
});
