import { Key } from '../cursor';
import { PageAsk, Part } from '../page';

/** All rows of a list, read in pages of a size. */
export async function paged<Row>(
  read: (page: PageAsk) => Promise<Part<Row>>,
  keyOf: (row: Row) => Key,
  limit: number,
): Promise<Row[]> {
  const all: Row[] = [];
  let after: Key | null = null;
  for (;;) {
    const { rows, more }: Part<Row> = await read({ limit, after });
    expect(rows.length).toBeLessThanOrEqual(limit);
    all.push(...rows);
    if (!more) return all;
    after = keyOf(rows[rows.length - 1]);
  }
}
