import { Page, PageQuery } from './contract';
import { decodeCursor, encodeCursor, Key, wrongCursor } from './cursor';
import { checkKey, Ordered } from './order';
import { fitting, MAX_BYTES, PageAsk, pageAsk, Part, partOf } from './page';

/** One of the lists that are paged through one after the other. */
export interface OneList<Row> {
  order: Ordered[];
  keyOf: (row: Row) => Key;
  read: (page: PageAsk) => Promise<Part<Row>>;
}

type Lists = Record<string, object>;

/** A list in memory, in the order that it has. */
export function listOf<Row extends object>(rows: Row[]): OneList<Row> {
  const order: Ordered[] = [
    { column: 'position', kind: 'time', direction: 'ASC' },
  ];
  const positions = new Map(rows.map((row, i) => [row, i]));
  const keyOf = (row: Row) => [positions.get(row) ?? 0];
  return {
    order,
    keyOf,
    read: async page => partOf(rows, page, order, keyOf),
  };
}

/** A page of lists that follow each other; the limits are those of all of them together. */
export async function pageOfLists<Of extends Lists>(
  list: string,
  query: PageQuery,
  lists: { [Name in keyof Of]: OneList<Of[Name]> },
): Promise<{ [Name in keyof Of]: Array<Of[Name]> } & Page & { bytes: number }> {
  const { limit } = pageAsk(list, { limit: query.limit }, []);
  const names = Object.keys(lists) as Array<keyof Of & string>;
  const at = cursorOf(list, query.cursor, names);
  const page = Object.fromEntries(
    names.map((name): [string, object[]] => [name, []]),
  ) as { [Name in keyof Of]: Array<Of[Name]> };
  if (limit === 0) return { ...page, next: null, bytes: 0 };
  let left = limit;
  let bytes = 0;
  for (let i = at.list; i < names.length; i++) {
    const name = names[i];
    const { order, keyOf, read } = lists[name];
    const after = i === at.list ? at.after : null;
    if (after) checkKey(order, after);
    if (left === 0) return { ...page, next: encodeCursor(list, [i]), bytes };
    const part = await fitting(
      await read({ limit: left, after }),
      MAX_BYTES - bytes,
      left === limit ? 1 : 0,
    );
    page[name] = part.rows;
    left -= part.rows.length;
    bytes += part.bytes;
    if (part.more) {
      const last = part.rows.at(-1);
      const key = last ? keyOf(last) : after ?? [];
      return { ...page, next: encodeCursor(list, [i, ...key]), bytes };
    }
  }
  return { ...page, next: null, bytes };
}

/** The list that a page begins in, and after what; null: at its beginning. */
function cursorOf(
  list: string,
  cursor: string | undefined,
  names: string[],
): { list: number; after: Key | null } {
  if (cursor === undefined) return { list: 0, after: null };
  const [at, ...key] = decodeCursor(list, cursor);
  if (typeof at !== 'number' || names[at] === undefined) throw wrongCursor();
  return { list: at, after: key.length > 0 ? key : null };
}
