import { Page, pagesOf } from '@naap/plugin-naap-common';

/** More rows are read over the API, not in a page. */
export const MOST_ROWS = 100_000;

/** The lists of an answer, by their names. */
type Lists<Answer> = {
  [Name in keyof Answer as Answer[Name] extends readonly unknown[]
    ? Name
    : never]: Answer[Name];
};

/**
 * The pages of a list as one answer: the first one with the rows of all, or of as many pages as it takes to have `most`
 * rows; then `next` is not null.
 */
export async function allPages<Answer extends Page>(
  ask: (cursor: string | undefined) => Promise<Answer>,
  most: number,
): Promise<Answer> {
  let whole: Answer | undefined;
  for await (const page of pagesOf(ask)) {
    whole = whole ? joined(whole, page) : page;
    if (rowsOf(whole) >= most) break;
  }
  // There is always a first page.
  return whole as Answer;
}

function joined<Answer extends Page>(whole: Answer, page: Answer): Answer {
  const lists = Object.entries(page).flatMap(([name, rows]) => {
    const before = whole[name as keyof Lists<Answer>];
    return Array.isArray(rows) && Array.isArray(before)
      ? [[name, before.concat(rows)]]
      : [];
  });
  return { ...whole, ...Object.fromEntries(lists), next: page.next };
}

function rowsOf(answer: Page): number {
  return Object.values(answer).reduce(
    (sum: number, value) => sum + (Array.isArray(value) ? value.length : 0),
    0,
  );
}
