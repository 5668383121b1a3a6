import { KPI_FILTERS, KpiFilter, KpiFilters } from './contract';
import { InvalidQueryError } from './errors';
import { isOfHours, TimeWindow, touchedHours } from './window';

/** A condition over the columns of the gold tables; values are bound, never part of the text. */
export interface Conditions {
  sql: string;
  parameters: Record<string, unknown>;
}

/** The columns that a filter looks at; one of them has to match. A table without them does not know the filter. */
export type FilterColumns = Partial<Record<KpiFilter, string[]>>;

/** Of the tables that have a column for every filter. */
export const OWN_COLUMNS: Record<KpiFilter, string[]> = {
  orchestrator: ['orchestrator'],
  model: ['model'],
  gateway: ['gateway'],
  region: ['region'],
  gpu: ['gpu'],
  pipeline: ['pipeline'],
};

/** @throws InvalidQueryError for a filter that is unknown or lists no value */
function checkFilters(filters: KpiFilters, columns: FilterColumns): void {
  const known = KPI_FILTERS.filter(name => name in columns);
  for (const [name, values] of Object.entries(filters)) {
    if (!(known as string[]).includes(name)) {
      throw new InvalidQueryError(
        `There is no filter ${JSON.stringify(name)}; there are ${known.join(
          ', ',
        )}`,
      );
    }
    if (values?.length === 0) {
      throw new InvalidQueryError(
        `Filter ${name} lists no value; leave it out`,
      );
    }
  }
}

/** Conditions of which all hold. */
export function allOf(
  ...all: Array<Conditions | null | undefined>
): Conditions {
  const some = all.filter(one => one !== null && one !== undefined);
  return {
    sql:
      some
        .map(({ sql }) => sql)
        .filter(sql => sql !== '1')
        .join(' AND ') || '1',
    parameters: Object.assign({}, ...some.map(one => one.parameters)),
  };
}

/** Bounds of a column of times; `name` goes before the names of the parameters. */
function within(
  column: string,
  { from, to }: TimeWindow,
  name: string,
): Conditions {
  const parts: string[] = [];
  const parameters: Record<string, unknown> = {};
  if (from !== null) {
    parts.push(`${column} >= toDateTime({${name}from:UInt32}, 'UTC')`);
    parameters[`${name}from`] = from / 1000;
  }
  if (to !== null) {
    parts.push(`${column} < toDateTime({${name}to:UInt32}, 'UTC')`);
    parameters[`${name}to`] = to / 1000;
  }
  return { sql: parts.join(' AND ') || '1', parameters };
}

/**
 * Rows of a window: by their hour, which tells partitions, and where the window is not of whole hours by `time` too.
 *
 * @param time - the column that is exact; a table that has none is asked for whole hours
 * @param name - goes before the names of the parameters
 */
export function inWindow(
  window: TimeWindow,
  time: string | null = null,
  name = '',
): Conditions {
  const hours = within('hour', touchedHours(window), name);
  if (time === null || isOfHours(window)) return hours;
  const exact = within(time, window, `${name}exact_`);
  return allOf(hours, exact);
}

/**
 * Rows that match all filters.
 * @throws InvalidQueryError for a filter that is unknown or lists no value
 */
export function filterConditions(
  filters: KpiFilters = {},
  columns: FilterColumns = OWN_COLUMNS,
): Conditions {
  checkFilters(filters, columns);
  const parts: string[] = [];
  const parameters: Record<string, unknown> = {};
  for (const name of KPI_FILTERS) {
    const values = filters[name];
    if (values === undefined) continue;
    parameters[name] = values.filter(value => value !== null);
    const alternatives = (columns[name] ?? []).flatMap(column => [
      `${column} IN {${name}:Array(String)}`,
      // A gateway without a name is an empty text in gold.
      ...(values.includes(null)
        ? [name === 'gateway' ? "gateway = ''" : `${column} IS NULL`]
        : []),
    ]);
    parts.push(`(${alternatives.join(' OR ')})`);
  }
  return { sql: parts.length > 0 ? parts.join(' AND ') : '1', parameters };
}

/**
 * Rows of a window that match all filters.
 * @param time - as for `inWindow`
 * @throws InvalidQueryError for a filter that is unknown or lists no value
 */
export function conditions(
  window: TimeWindow,
  filters: KpiFilters = {},
  columns: FilterColumns = OWN_COLUMNS,
  time: string | null = null,
): Conditions {
  return allOf(inWindow(window, time), filterConditions(filters, columns));
}

/** The values that a filter lets pass. */
export function passing(
  name: string,
  values: Array<string | null>,
): Set<string | null> {
  const set = new Set(values);
  // A gateway without a name is an empty text in gold.
  if (name === 'gateway' && set.has(null)) set.add('');
  return set;
}

/** A condition on rows in memory: one of the columns has a value that passes. */
export interface RowCondition<Column extends string> {
  columns: Column[];
  passes: (value: unknown) => boolean;
}

const msOf = (time: unknown) =>
  typeof time === 'number' ? time : Date.parse(String(time));

/** A condition on a column of times, as texts or in unix ms. */
function passesWithin<Column extends string>(
  column: Column,
  { from, to }: TimeWindow,
): RowCondition<Column> {
  return {
    columns: [column],
    passes: value => {
      const ms = msOf(value);
      return ms >= (from ?? -Infinity) && ms < (to ?? Infinity);
    },
  };
}

/**
 * What `conditions` says, of rows in memory: all of these.
 * @throws InvalidQueryError for a filter that is unknown or lists no value
 */
export function rowConditions<Column extends string>(
  window: TimeWindow,
  filters: KpiFilters = {},
  columns: FilterColumns = OWN_COLUMNS,
  time: Column | null = null,
): Array<RowCondition<Column | 'hour'>> {
  checkFilters(filters, columns);
  return [
    passesWithin('hour', touchedHours(window)),
    ...(time === null || isOfHours(window) ? [] : [passesWithin(time, window)]),
    ...KPI_FILTERS.flatMap(name => {
      const values = filters[name];
      if (!values) return [];
      const set = passing(name, values);
      return [
        {
          columns: columns[name] as Column[],
          passes: (value: unknown) => set.has(value as string | null),
        },
      ];
    }),
  ];
}
