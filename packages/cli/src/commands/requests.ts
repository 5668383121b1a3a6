import { pagesOf } from '@naap/plugin-naap-common';
import { KPI_IDS, KpiId, RequestQuery, RequestRow } from '@naap/serving';
import { Command } from 'commander';
import { createContext } from '../context';
import { UsageError } from '../errors';
import { addFilterOptions, FilterOptions, toFilters, toTime } from '../options';
import { printPages, toFormat } from '../output';
import type { Platform } from '../platform/Platform';
import { withPlatform } from '../withPlatform';

/** Rows asked for at a time. */
const PAGE = 5000;

interface Options extends FilterOptions {
  id?: string;
  kpi?: string;
  from?: string;
  to?: string;
  limit?: string;
  format: string;
}

export function addRequests(program: Command): void {
  const command = program
    .command('requests')
    .description('the facts of every request, oldest first')
    .option('--id <request>', 'only this request_id')
    .option(
      '--kpi <kpi>',
      `only what this KPI counts, the worst first: ${KPI_IDS.join(', ')}`,
    )
    .option('--from <time>', 'ISO 8601, UTC; whole hours')
    .option('--to <time>', 'ISO 8601, UTC; whole hours, not included')
    .option('--limit <n>', 'at most this many rows')
    .option('--format <format>', 'table, json or csv', 'table');
  addFilterOptions(command).action(async (options: Options) => {
    const format = toFormat(options.format);
    const query: RequestQuery = {
      requestId: options.id,
      kpi: toKpi(options.kpi),
      from: toTime('--from', options.from),
      to: toTime('--to', options.to),
      filters: toFilters(options),
      order: 'oldest',
    };
    const limit = toLimit(options.limit);
    const context = await createContext(program.opts());
    await withPlatform(context, platform =>
      printPages(firstRows(platform, query, limit), format),
    );
  });
}

/** Pages of the first rows. */
async function* firstRows(
  platform: Platform,
  query: RequestQuery,
  limit: number,
): AsyncGenerator<{ rows: RequestRow[] }> {
  let left = limit;
  const pages = pagesOf(cursor =>
    platform.requests({ ...query, cursor, limit: Math.min(PAGE, left) }),
  );
  for await (const { rows } of pages) {
    yield { rows };
    left -= rows.length;
    if (left === 0) return;
  }
}

function toKpi(text?: string): KpiId | undefined {
  const kpi = KPI_IDS.find(id => id === text);
  if (text !== undefined && !kpi) {
    throw new UsageError(
      `--kpi is one of ${KPI_IDS.join(', ')}, not "${text}"`,
    );
  }
  return kpi;
}

function toLimit(text?: string): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new UsageError(`--limit is a number from 1 up, not "${text}"`);
  }
  return Number(text);
}
