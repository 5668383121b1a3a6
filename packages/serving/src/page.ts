import { Slices } from '@naap/system';
import { Database } from './database';
import { allOf, Conditions } from './conditions';
import { Page, PageQuery } from './contract';
import { decodeCursor, encodeCursor, Key } from './cursor';
import { InvalidQueryError } from './errors';
import { afterKey, checkKey, inOrder, orderBy, Ordered } from './order';

/** Rows in an answer at most, and bytes of their JSON: 8 MiB, less room for what an answer says beside its rows. */
export const MAX_ROWS = 10_000;
export const MAX_BYTES = 8 * 1024 * 1024 - 16 * 1024;

/** Bytes in the columns of what ClickHouse answers; as JSON they are about as many. */
const MAX_BYTES_READ = 2 * MAX_BYTES;

/** What is read of a list: at most `limit` rows, and only what comes after a key. */
export interface PageAsk {
  limit: number;
  after: Key | null;
}

/** A beginning of what was asked for, and whether there is more of it. */
export interface Part<Row> {
  rows: Row[];
  more: boolean;
}

/** A page that is answered with, and how many bytes of JSON its rows are. */
export interface BoundedPage<Row> extends Page {
  rows: Row[];
  bytes: number;
}

/** @throws InvalidQueryError for a limit that is no whole number from 0 up, or a cursor that can't be read */
export function pageAsk(
  list: string,
  { limit = MAX_ROWS, cursor }: PageQuery,
  order: Ordered[],
): PageAsk {
  if (!Number.isSafeInteger(limit) || limit < 0) {
    throw new InvalidQueryError(
      `limit must be a whole number from 0 up; got ${limit}`,
    );
  }
  const after = cursor === undefined ? null : decodeCursor(list, cursor);
  if (after) checkKey(order, after);
  return { limit: Math.min(limit, MAX_ROWS), after };
}

/** Rows that fit into a number of bytes of JSON, at least `least` of them. */
export async function fitting<Row extends object>(
  { rows, more }: Part<Row>,
  maxBytes: number,
  least: number,
): Promise<Part<Row> & { bytes: number }> {
  const slices = new Slices();
  let bytes = 0;
  for (const [i, row] of rows.entries()) {
    const size = Buffer.byteLength(JSON.stringify(row)) + 1;
    if (i >= least && bytes + size > maxBytes) {
      return { rows: rows.slice(0, i), more: true, bytes };
    }
    bytes += size;
    if (slices.over()) await slices.rest();
  }
  return { rows, more, bytes };
}

/** The rows that fit into an answer, at least one of them. */
export async function boundedPage<Row extends object>(
  list: string,
  part: Part<Row>,
  keyOf: (row: Row) => Key,
): Promise<BoundedPage<Row>> {
  const { rows, more, bytes } = await fitting(part, MAX_BYTES, 1);
  const last = rows.at(-1);
  return {
    rows,
    next: more && last ? encodeCursor(list, keyOf(last)) : null,
    bytes,
  };
}

/** Of rows in memory in their order, those of a page. */
export function partOf<Row>(
  rows: Row[],
  { limit, after }: PageAsk,
  order: Ordered[],
  keyOf: (row: Row) => Key,
): Part<Row> {
  const compare = inOrder(order);
  const rest = after
    ? rows.filter(row => compare(keyOf(row), after) > 0)
    : rows;
  // What fits stays the same list: what is made of it is kept with it.
  return rest.length > limit
    ? { rows: rest.slice(0, limit), more: true }
    : { rows: rest, more: false };
}

/**
 * Reads the rows of a page, as `Database.rows` does. Where they are too many bytes they are fewer than asked for.
 *
 * @param of.select - expressions
 * @param of.offset - rows to leave out
 */
export async function readPage<Row extends unknown[]>(
  database: Database,
  of: {
    select: string[];
    from: string;
    where: Conditions;
    group?: string;
    order: Ordered[];
    page: PageAsk;
    offset?: number;
  },
): Promise<Part<Row>> {
  const { select, from, group = '', order, page, offset = 0 } = of;
  const where = allOf(of.where, page.after && afterKey(order, page.after));
  const columns = select.map((_, i) => `c${i}`);
  const keys = order.map((ordered, i) => ({ ...ordered, column: `k${i}` }));
  const rows = await database.rows<[...Row, number]>(
    `SELECT ${columns}, available FROM (
  SELECT *, count() OVER () AS available, byteSize(${columns}) AS size,
    sum(size) OVER (${orderBy(
      keys,
    )} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS sizes
  FROM (
    SELECT ${[
      ...select.map((expression, i) => `${expression} AS c${i}`),
      ...order.map(({ column }, i) => `${column} AS k${i}`),
    ]}
    FROM ${from} WHERE ${where.sql} ${group}
    ${orderBy(order)} LIMIT {rows:UInt64} OFFSET {skipped:UInt64}
  )
) WHERE sizes - size < ${MAX_BYTES_READ} ${orderBy(keys)}`,
    { ...where.parameters, rows: page.limit + 1, skipped: offset },
  );
  const available = rows.at(0)?.at(-1) ?? 0;
  const kept = rows.slice(0, page.limit);
  return {
    rows: kept.map(row => row.slice(0, -1) as unknown as Row),
    more: Number(available) > kept.length,
  };
}
