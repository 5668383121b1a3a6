/** A column of an answer, as Trino describes it: `bigint`, `decimal(10,2)`, `timestamp(3) with time zone`. */
export interface TrinoColumn {
  name: string;
  type: string;
}

const LONG_NUMBER = /\d{16}/;
const WHOLE = /^-?\d+$/;

/** Whole numbers beyond 2^53 as `bigint`. */
function exactly(_key: string, value: unknown, context?: { source: string }) {
  return typeof value === 'number' &&
    !Number.isSafeInteger(value) &&
    WHOLE.test(context?.source ?? '')
    ? BigInt(context!.source)
    : value;
}

/** @throws SyntaxError */
export function parseAnswer(text: string): unknown {
  // Looking at each value takes several times as long, and few answers have one that is that long.
  return JSON.parse(text, LONG_NUMBER.test(text) ? exactly : undefined);
}

function decoder(type: string): ((value: unknown) => unknown) | undefined {
  // Else what is no number stands there as a text: NaN, Infinity.
  if (type === 'double' || type === 'real') return Number;
  if (type === 'varbinary') {
    return value => Uint8Array.from(Buffer.from(value as string, 'base64'));
  }
  return undefined;
}

/** Makes objects of rows, by the names of columns. */
export function rowsOf<Row>(
  columns: readonly TrinoColumn[],
  data: readonly unknown[][],
): Row[] {
  const decoders = columns.map(({ type }) => decoder(type));
  return data.map(
    values =>
      Object.fromEntries(
        columns.map(({ name }, i) => {
          const decode = decoders[i];
          const value = values[i];
          return [name, value === null || !decode ? value : decode(value)];
        }),
      ) as Row,
  );
}
