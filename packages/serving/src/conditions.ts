import { KPI_FILTERS, KpiFilter, KpiFilters } from './contract';
import { InvalidQueryError } from './errors';
import { HourWindow, isoTime } from './window';

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

/**
 * Rows of a window that match all filters.
 * @throws InvalidQueryError for a filter that is unknown or lists no value
 */
export function conditions(
  window: HourWindow,
  filters: KpiFilters = {},
  columns: FilterColumns = OWN_COLUMNS,
): Conditions {
  checkFilters(filters, columns);
  const parts: string[] = [];
  const parameters: Record<string, unknown> = {};
  if (window.from !== null) {
    parts.push("hour >= toDateTime({from:UInt32}, 'UTC')");
    parameters.from = window.from / 1000;
  }
  if (window.to !== null) {
    parts.push("hour < toDateTime({to:UInt32}, 'UTC')");
    parameters.to = window.to / 1000;
  }
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

/**
 * What `conditions` says, of rows in memory: all of these. Hours are times as texts.
 * @throws InvalidQueryError for a filter that is unknown or lists no value
 */
export function rowConditions<Column extends string>(
  window: HourWindow,
  filters: KpiFilters = {},
  columns: FilterColumns = OWN_COLUMNS,
): Array<RowCondition<Column | 'hour'>> {
  checkFilters(filters, columns);
  // Times of one form are in the order of their texts.
  const from = isoTime(window.from) ?? '';
  const to = isoTime(window.to) ?? '~';
  return [
    {
      columns: ['hour'],
      passes: hour => String(hour) >= from && String(hour) < to,
    },
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
