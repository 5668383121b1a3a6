import { RowCondition } from '../conditions';
import { Database } from '../database';
import { expressionsOf, rowMaker, Selection } from '../selection';
import { DayTable } from '../tables';
import { isoTime } from '../window';
import { HotDays, MIB } from './hotDays';
import { ServedDays, Stored } from './servedDays';

/** The values of a column, each once, and for each row where its value stands among them. */
interface Column {
  values: unknown[];
  codes: Uint32Array;
}

/** Gives every row the one text that is held of equal ones. */
function columnAt(answer: unknown[][], place: number): Column {
  const values: unknown[] = [];
  const known = new Map<unknown, number>();
  const codes = Uint32Array.from(answer, row => {
    const value = row[place];
    const code = known.get(value) ?? values.push(value) - 1;
    known.set(value, code);
    row[place] = values[code];
    return code;
  });
  return { values, codes };
}

/**
 * Rows in memory as they were answered, made into objects when they are asked for. Columns with few values are held by
 * value: a condition looks at each of them once.
 */
export class HeldRows<Row extends object> {
  readonly #answer: unknown[][];
  readonly #make: (values: unknown[]) => Row;
  readonly #made = new Map<number, Row>();
  readonly #places: Array<keyof Row>;
  readonly #columns: Map<keyof Row, Column>;

  /** @param repeating - columns with few values */
  constructor(
    selection: Selection<Row>,
    answer: unknown[][],
    repeating: Array<keyof Row & string>,
  ) {
    this.#answer = answer;
    this.#make = rowMaker(selection);
    this.#places = Object.keys(selection) as Array<keyof Row>;
    this.#columns = new Map(
      repeating.map(name => {
        const column = columnAt(answer, this.#places.indexOf(name));
        const isTime = typeof selection[name] !== 'string';
        return [
          name,
          isTime
            ? {
                ...column,
                values: column.values.map(ms => isoTime(Number(ms))),
              }
            : column,
        ];
      }),
    );
  }

  /** Where the rows that meet all conditions are, ascending. */
  matching(conditions: Array<RowCondition<keyof Row & string>>): number[] {
    const tests = conditions.map(({ columns, passes }) =>
      columns.map(name => this.#test(name, passes)),
    );
    const found: number[] = [];
    for (let at = 0; at < this.#answer.length; at++) {
      if (tests.every(either => either.some(test => test(at)))) found.push(at);
    }
    return found;
  }

  /** Makes a row: for who asks for a page of many. */
  row(at: number): Row {
    return this.#make(this.#answer[at]);
  }

  /** The rows that meet all conditions; they are kept, for who goes through all of them time and again. */
  rows(conditions: Array<RowCondition<keyof Row & string>>): Row[] {
    return this.matching(conditions).map(at => {
      const made = this.#made.get(at) ?? this.row(at);
      this.#made.set(at, made);
      return made;
    });
  }

  /** A value of a row as ClickHouse gave it, without making the row: a time in unix ms. */
  value(at: number, name: keyof Row): unknown {
    return this.#answer[at][this.#places.indexOf(name)];
  }

  #test(
    name: keyof Row & string,
    passes: (value: unknown) => boolean,
  ): (at: number) => boolean {
    const column = this.#columns.get(name);
    if (!column) {
      const place = this.#places.indexOf(name);
      return at => passes(this.#answer[at][place]);
    }
    const { values, codes } = column;
    const matches = values.map(passes);
    return matches.every(Boolean) ? () => true : at => matches[codes[at]];
  }
}

/** The rows of some days that meet all conditions. */
export function matchingRows<Row extends object>(
  days: Array<HeldRows<Row>>,
  conditions: Array<RowCondition<keyof Row & string>>,
): Row[] {
  return days.flatMap(day => day.rows(conditions));
}

/**
 * The days of a table in memory, as rows.
 *
 * @param order - of the rows of a day
 * @param group - columns by which rows of the table become one
 * @param repeating - columns with few values
 */
export function hotRows<Row extends object>(
  database: Database,
  served: ServedDays,
  of: {
    table: DayTable;
    selection: Selection<Row>;
    group?: string;
    order: string;
    repeating: Array<keyof Row & string>;
    /** Bytes that a row takes beside its values. */
    bytesOfRow: number;
    maxRowsOfQuestion: number;
  },
): HotDays<HeldRows<Row>> {
  const { table, selection, group, order, repeating, bytesOfRow } = of;
  return new HotDays(served, {
    tables: {
      [table]: ({ rows, bytes }: Stored) => bytes + bytesOfRow * rows,
    },
    read: async day => {
      const answer = await database.rows(
        `SELECT ${expressionsOf(selection)}
FROM naap.${table} WHERE toDate(hour) = {day:Date} ${
          group ? `GROUP BY ${group}` : ''
        } ${order}`,
        { day },
      );
      return new HeldRows(selection, answer, repeating);
    },
    maxRowsOfQuestion: of.maxRowsOfQuestion,
    maxBytesOfQuestion: 64 * MIB,
    maxBytesHeld: 128 * MIB,
  });
}
