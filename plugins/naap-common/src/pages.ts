import type { Page } from '@naap/serving/contract';

/**
 * The pages of a list, one after the other, until there is no next one:
 * `for await (const { rows } of pagesOf(cursor => client.kpis({ ...query, cursor })))`.
 *
 * @param ask - for the page at a cursor; without one for the first
 */
export async function* pagesOf<Answer extends Page>(
  ask: (cursor: string | undefined) => Promise<Answer>,
): AsyncGenerator<Answer, void> {
  let cursor: string | undefined;
  do {
    const answer: Answer = await ask(cursor);
    yield answer;
    cursor = answer.next ?? undefined;
  } while (cursor !== undefined);
}

/** All pages of a list at once, where they are known not to be too many to be held. */
export async function allPages<Answer extends Page>(
  ask: (cursor: string | undefined) => Promise<Answer>,
): Promise<Answer[]> {
  const pages: Answer[] = [];
  for await (const page of pagesOf(ask)) pages.push(page);
  return pages;
}
