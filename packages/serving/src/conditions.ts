import { KPI_FILTERS, KpiFilters } from './contract';
import { InvalidQueryError } from './errors';
import { HourWindow } from './window';

/** A condition over the columns of the gold tables; values are bound, never part of the text. */
export interface Conditions {
  sql: string;
  parameters: Record<string, unknown>;
}

/**
 * Rows of a window that match all filters.
 * @throws InvalidQueryError for a filter that is unknown or lists no value
 */
export function conditions(
  window: HourWindow,
  filters: KpiFilters = {},
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
  const unknown = Object.keys(filters).find(
    name => !(KPI_FILTERS as readonly string[]).includes(name),
  );
  if (unknown !== undefined) {
    throw new InvalidQueryError(
      `There is no filter ${JSON.stringify(
        unknown,
      )}; there are ${KPI_FILTERS.join(', ')}`,
    );
  }
  for (const name of KPI_FILTERS) {
    const values = filters[name];
    if (values === undefined) continue;
    if (values.length === 0) {
      throw new InvalidQueryError(
        `Filter ${name} lists no value; leave it out`,
      );
    }
    const texts = values.filter(value => value !== null);
    parameters[name] = texts;
    const alternatives = [`${name} IN {${name}:Array(String)}`];
    if (values.includes(null)) {
      // A gateway without a name is an empty text in gold.
      alternatives.push(
        name === 'gateway' ? "gateway = ''" : `${name} IS NULL`,
      );
    }
    parts.push(`(${alternatives.join(' OR ')})`);
  }
  return { sql: parts.length > 0 ? parts.join(' AND ') : '1', parameters };
}
