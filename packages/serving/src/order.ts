import { Conditions } from './conditions';
import { Key, wrongCursor } from './cursor';
import { compareTexts } from './dimensions';

/** How a kind of column stands in a key, and how ClickHouse is told a value of it. */
const KINDS = {
  text: {
    is: (value: unknown) => typeof value === 'string',
    bound: (name: string) => `{${name}:String}`,
  },
  number: {
    is: (value: unknown) => Number.isFinite(value),
    bound: (name: string) => `{${name}:Float64}`,
  },
  /** Unix seconds. */
  hour: {
    is: (value: unknown) => isWithin(value, 2 ** 32 - 1),
    bound: (name: string) => `toDateTime({${name}:UInt32}, 'UTC')`,
  },
  /** `YYYY-MM-DD`. */
  day: {
    is: (value: unknown) =>
      typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value),
    bound: (name: string) => `toDateOrZero({${name}:String})`,
  },
  /** Unix ms, of a DateTime64(3). */
  time: {
    is: (value: unknown) => isWithin(value, 8.64e15),
    bound: (name: string) => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`,
  },
} as const;

function isWithin(value: unknown, most: number): boolean {
  return (
    Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= most
  );
}

/** A column that a list is ordered by; nulls come last either way. */
export interface Ordered {
  column: string;
  kind: keyof typeof KINDS;
  direction: 'ASC' | 'DESC';
}

/** @throws InvalidQueryError for what is no key of this order */
export function checkKey(order: Ordered[], key: Key): void {
  const fits =
    key.length === order.length &&
    order.every(({ kind }, i) => key[i] === null || KINDS[kind].is(key[i]));
  if (!fits) throw wrongCursor();
}

/** The clause; none for a list of one row. */
export function orderBy(order: Ordered[]): string {
  const columns = order.map(
    ({ column, direction }) => `${column} ${direction} NULLS LAST`,
  );
  return columns.length > 0 ? `ORDER BY ${columns}` : '';
}

/** Rows that come after a key. `name` goes before the names of the parameters. */
export function afterKey(
  order: Ordered[],
  key: Key,
  name = 'after',
): Conditions {
  const parameters: Record<string, unknown> = {};
  const bounds = order.map(({ kind }, i) => {
    if (key[i] !== null) parameters[`${name}${i}`] = key[i];
    return KINDS[kind].bound(`${name}${i}`);
  });
  const alternatives = order.flatMap(({ column, direction }, i) => {
    // Behind null comes nothing.
    if (key[i] === null) return [];
    const equal = order
      .slice(0, i)
      .map((before, j) =>
        key[j] === null
          ? `${before.column} IS NULL`
          : `${before.column} = ${bounds[j]}`,
      );
    const beyond = `(${column} ${direction === 'ASC' ? '>' : '<'} ${
      bounds[i]
    } OR ${column} IS NULL)`;
    return [[...equal, beyond].join(' AND ')];
  });
  return {
    sql: `ifNull(${alternatives.join(' OR ') || '0'}, 0)`,
    parameters,
  };
}

/** Rows up to a key, with it. */
export function upToKey(order: Ordered[], key: Key): Conditions {
  const { sql, parameters } = afterKey(order, key, 'last');
  return { sql: `NOT ${sql}`, parameters };
}

/** In the order of ClickHouse: texts by their bytes, null last. */
export function inOrder(order: Ordered[]): (a: Key, b: Key) => number {
  const signs = order.map(({ direction }) => (direction === 'ASC' ? 1 : -1));
  return (a, b) => {
    for (const [i, sign] of signs.entries()) {
      const left = a[i];
      const right = b[i];
      if (left === right) continue;
      if (left === null) return 1;
      if (right === null) return -1;
      const difference =
        typeof left === 'number'
          ? left - Number(right)
          : compareTexts(left, String(right));
      if (difference !== 0) return sign * difference;
    }
    return 0;
  };
}
