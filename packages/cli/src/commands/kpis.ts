import { homePaths } from '@naap/lakehouse';
import { type NaapClient, pagesOf } from '@naap/plugin-naap-common';
import { KPI_DIMENSIONS, KpiQuery, Serving } from '@naap/serving';
import { Command } from 'commander';
import { Context, createContext } from '../context';
import { UsageError } from '../errors';
import { addFilterOptions, FilterOptions, toFilters, toTime } from '../filters';
import { printPages, toFormat } from '../output';

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
    const context = await createContext(program.opts());
    await withServed(context, served =>
      printPages(
        pagesOf(cursor => served.kpis({ ...query, cursor })),
        format,
      ),
    );
  });
}

/** What is served, of the portal or of this process. */
type Served = Pick<
  NaapClient & Serving,
  'kpis' | 'requests' | 'availability' | 'inventory'
>;

/** Asks the portal, or opens what is served, reads and lets it go. */
export async function withServed<T>(
  { home, portal }: Pick<Context, 'home' | 'portal'>,
  read: (served: Served) => Promise<T>,
): Promise<T> {
  if (portal) return read(portal.client);
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
