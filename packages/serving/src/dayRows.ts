import { Database } from './client';
import { HotDays, ServedDays } from './hotDays';
import { DayTable } from './tables';
import { isoTime } from './window';

/** What is selected for each field of a row; `ms` is a time in unix ms, which the row has as a text. */
export type Selection<Row> = Record<
  keyof Row & string,
  string | { ms: string }
>;

export function selectList(selection: Selection<object>): string {
  return Object.values<string | { ms: string }>(selection)
    .map(field => (typeof field === 'string' ? field : field.ms))
    .join();
}

/** What a statement over the select list answered, as rows. */
export function rowsOf<Row extends object>(
  selection: Selection<Row>,
  answer: unknown[][],
): Row[] {
  const fields = Object.entries<string | { ms: string }>(selection).map(
    ([name, field]) => ({ name, isTime: typeof field !== 'string' }),
  );
  // Most values are among few: equal texts are held once.
  const texts = new Map<string, string>();
  const heldOnce = (text: string) => {
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
  return answer.map(
    values =>
      Object.fromEntries(
        fields.map(({ name, isTime }, i) => {
          const value = isTime ? isoTime(values[i] as number) : values[i];
          return [name, typeof value === 'string' ? heldOnce(value) : value];
        }),
      ) as Row,
  );
}

/**
 * The days of a table in memory, as lists of rows.
 *
 * @param order - of the rows of a day
 */
export function hotRows<Row extends object>(
  database: Database,
  served: ServedDays,
  of: {
    table: DayTable;
    selection: Selection<Row>;
    order: string;
    maxRowsOfQuestion: number;
    maxRowsHeld: number;
  },
): HotDays<Row[]> {
  const { table, selection, order, ...limits } = of;
  return new HotDays(served, {
    tables: [table],
    read: async day =>
      rowsOf(
        selection,
        await database.rows(
          `SELECT ${selectList(selection)}
FROM naap.${table} WHERE toDate(hour) = {day:Date} ORDER BY ${order}`,
          { day },
        ),
      ),
    ...limits,
  });
}
