import { homePaths } from '@naap/lakehouse';
import { KPI_DIMENSIONS, KpiQuery, Serving } from '@naap/serving';
import { Command } from 'commander';
import { createContext } from '../context';
import { UsageError } from '../errors';
import { addFilterOptions, FilterOptions, toFilters, toTime } from '../filters';
import { render, toFormat } from '../output';

interface Options extends FilterOptions {
  by?: string;
  from?: string;
  to?: string;
  format: string;
}

export function addKpis(program: Command): void {
  const command = program
    .command('kpis')
    .description('the KPIs of all that is served, or of a window')
    .option('--by <dimensions>', `any of ${KPI_DIMENSIONS.join(',')}`)
    .option('--from <time>', 'ISO 8601, UTC; whole hours')
    .option('--to <time>', 'ISO 8601, UTC; whole hours, not included')
    .option('--format <format>', 'table, json or csv', 'table');
  addFilterOptions(command).action(async (options: Options) => {
    const format = toFormat(options.format);
    const query: KpiQuery = {
      by: toDimensions(options.by, KPI_DIMENSIONS),
      from: toTime('--from', options.from),
      to: toTime('--to', options.to),
      filters: toFilters(options),
    };
    const { home, portal } = await createContext(program.opts());
    const { rows } = portal
      ? await portal.client.kpis(query)
      : await readServed(home, serving => serving.kpis(query));
    process.stdout.write(render(rows, format));
  });
}

/** Opens what is served, reads and lets it go. */
export async function readServed<T>(
  home: string,
  read: (serving: Serving) => Promise<T>,
): Promise<T> {
  const serving = await Serving.open({ path: homePaths(home).clickhouse });
  try {
    return await read(serving);
  } finally {
    await serving.close();
  }
}

/** @throws UsageError when a name in the list is not among the dimensions; no list is none */
export function toDimensions<Dimension extends string>(
  list: string | undefined,
  dimensions: readonly Dimension[],
): Dimension[] {
  return (list?.split(',') ?? []).map(name => {
    const dimension = dimensions.find(known => known === name.trim());
    if (!dimension) {
      throw new UsageError(
        `--by knows no "${name}": use ${dimensions.join(', ')}`,
      );
    }
    return dimension;
  });
}
