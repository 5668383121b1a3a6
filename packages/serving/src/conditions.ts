import { KPI_FILTERS, KpiFilter, KpiFilters } from './contract';
import { InvalidQueryError } from './errors';
import { HourWindow } from './window';

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

/**
 * Rows of a window that match all filters.
 * @throws InvalidQueryError for a filter that is unknown or lists no value
 */
export function conditions(
  window: HourWindow,
  filters: KpiFilters = {},
  columns: FilterColumns = OWN_COLUMNS,
): Conditions {
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
  const known = KPI_FILTERS.filter(name => name in columns);
  const unknown = Object.keys(filters).find(
    name => !(known as string[]).includes(name),
  );
  if (unknown !== undefined) {
    throw new InvalidQueryError(
      `There is no filter ${JSON.stringify(unknown)}; there are ${known.join(
        ', ',
      )}`,
    );
  }
  for (const name of known) {
    const values = filters[name];
    if (values === undefined) continue;
    if (values.length === 0) {
      throw new InvalidQueryError(
        `Filter ${name} lists no value; leave it out`,
      );
    }
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
