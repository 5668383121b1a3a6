import { Database } from './client';
import { RowCondition } from './conditions';
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

/** The values of a column, each once, and for each row where its value stands among them. */
interface Column {
  values: Array<string | null>;
  codes: Uint32Array;
}

function columnOf<Row>(rows: Row[], name: keyof Row): Column {
  const values: Column['values'] = [];
  const known = new Map<string | null, number>();
  const codes = Uint32Array.from(rows, row => {
    const value = row[name] as string | null;
    const code = known.get(value) ?? values.push(value) - 1;
    known.set(value, code);
    return code;
  });
  return { values, codes };
}

/** Rows in memory, found by conditions on some of their columns: a condition looks at each value of a column once. */
export class HeldRows<Row, Name extends keyof Row & string> {
  readonly #rows: Row[];
  readonly #columns: Record<Name, Column>;

  constructor(rows: Row[], names: Name[]) {
    this.#rows = rows;
    this.#columns = Object.fromEntries(
      names.map(name => [name, columnOf(rows, name)]),
    ) as Record<Name, Column>;
  }

  /** The rows that meet all conditions, in their order. */
  matching(conditions: Array<RowCondition<Name>>): Row[] {
    const tests = conditions
      .map(({ columns, passes }) =>
        columns.map(name => {
          const { values, codes } = this.#columns[name];
          return { codes, matches: values.map(passes) };
        }),
      )
      .filter(
        alternatives =>
          !alternatives.some(({ matches }) => matches.every(Boolean)),
      );
    return this.#rows.filter((_, i) =>
      tests.every(alternatives =>
        alternatives.some(({ codes, matches }) => matches[codes[i]]),
      ),
    );
  }
}

/**
 * The days of a table in memory.
 *
 * @param order - of the rows of a day
 * @param group - columns by which rows of the table become one
 * @param conditioned - columns that conditions look at
 */
export function hotRows<Row extends object, Name extends keyof Row & string>(
  database: Database,
  served: ServedDays,
  of: {
    table: DayTable;
    selection: Selection<Row>;
    group?: string;
    order: string;
    conditioned: Name[];
    maxRowsOfQuestion: number;
    maxRowsHeld: number;
  },
): HotDays<HeldRows<Row, Name>> {
  const { table, selection, group, order, conditioned, ...limits } = of;
  return new HotDays(served, {
    tables: [table],
    read: async day => {
      const answer = await database.rows(
        `SELECT ${selectList(selection)}
FROM naap.${table} WHERE toDate(hour) = {day:Date} ${
          group ? `GROUP BY ${group}` : ''
        } ORDER BY ${order}`,
        { day },
      );
      return new HeldRows(rowsOf(selection, answer), conditioned);
    },
    ...limits,
  });
}
