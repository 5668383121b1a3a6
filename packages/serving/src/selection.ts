import { isoTime } from './window';

type Expression = string | { ms: string };

/** What is selected for each field of a row; `ms` is a time in unix ms, which the row has as a text. */
export type Selection<Row> = Record<keyof Row & string, Expression>;

export function expressionsOf(selection: Selection<object>): string[] {
  return Object.values<Expression>(selection).map(field =>
    typeof field === 'string' ? field : field.ms,
  );
}

/** Makes a row of what a statement over the select list answered. */
export function rowMaker<Row extends object>(
  selection: Selection<Row>,
): (values: unknown[]) => Row {
  const fields = Object.entries<Expression>(selection).map(([name, field]) => ({
    name,
    isTime: typeof field !== 'string',
  }));
  return values =>
    Object.fromEntries(
      fields.map(({ name, isTime }, i) => [
        name,
        isTime ? isoTime(values[i] as number) : values[i],
      ]),
    ) as Row;
}
