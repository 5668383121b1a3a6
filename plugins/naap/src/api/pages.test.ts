import { allPages } from './pages';

interface Answer {
  meta: string;
  rows: number[];
  next: string | null;
}

const PAGES: Answer[] = [
  { meta: 'first', rows: [1, 2], next: 'a' },
  { meta: 'second', rows: [3], next: 'b' },
  { meta: 'third', rows: [4, 5], next: null },
];

describe('the pages of a list', () => {
  const ask = jest.fn(async (cursor: string | undefined) => {
    return PAGES[[undefined, 'a', 'b'].indexOf(cursor)];
  });
  beforeEach(() => ask.mockClear());

  it('are one answer: what the first says, the rows of all', async () => {
    expect(await allPages(ask, 100)).toEqual({
      meta: 'first',
      rows: [1, 2, 3, 4, 5],
      next: null,
    });
  });

  it('are read no further than there is room for, and that is said', async () => {
    expect(await allPages(ask, 3)).toEqual({
      meta: 'first',
      rows: [1, 2, 3],
      next: 'b',
    });
    expect(ask).toHaveBeenCalledTimes(2);
  });
});
