import { pagesOf } from '@naap/plugin-naap-common';
import { KPI_DIMENSIONS, KpiQuery } from '@naap/serving';
import { Command } from 'commander';
import { createContext } from '../context';
import {
  addFilterOptions,
  FilterOptions,
  toDimensions,
  toFilters,
  toTime,
} from '../options';
import { printPages, toFormat } from '../output';
import { withPlatform } from '../withPlatform';

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
    await withPlatform(context, platform =>
      printPages(
        pagesOf(cursor => platform.kpis({ ...query, cursor })),
        format,
      ),
    );
  });
}
