import { allPages, pagesOf } from './pages';

const PAGES = new Map([
  [undefined, { rows: [1, 2], next: 'a' }],
  ['a', { rows: [3], next: 'b' }],
  ['b', { rows: [], next: null }],
]);
const ask = async (cursor: string | undefined) => PAGES.get(cursor)!;

it('asks for page after page until there is no next', async () => {
  const pages = await allPages(ask);
  expect(pages.flatMap(({ rows }) => rows)).toEqual([1, 2, 3]);
});

it('asks for no more than is wanted', async () => {
  const asked = jest.fn(ask);
  for await (const { rows } of pagesOf(asked)) {
    if (rows.length > 0) break;
  }
  expect(asked).toHaveBeenCalledTimes(1);
});
