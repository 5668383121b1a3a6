/** What stands for a `?`. A `Date` is a time with a zone, in milliseconds. */
export type TrinoValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | Uint8Array
  | null;

/** A text has no escapes but the quote, which is doubled. */
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

function literal(value: TrinoValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'bigint') return `BIGINT '${value}'`;
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? `${value}` : `DOUBLE '${value}'`;
  }
  if (value instanceof Date) {
    // A RangeError where it is no time.
    const [day, time] = value.toISOString().slice(0, -1).split('T');
    return `TIMESTAMP '${day} ${time} UTC'`;
  }
  return `X'${Buffer.from(value).toString('hex')}'`;
}

/**
 * A statement whose parameters are data, whatever they hold: the text with its `?` is parsed by itself, and the values are
 * literals of their types.
 */
export function statementOf(
  sql: string,
  values: readonly TrinoValue[],
): string {
  if (values.length === 0) return sql;
  return `EXECUTE IMMEDIATE ${quoted(sql)} USING ${values
    .map(literal)
    .join(', ')}`;
}
