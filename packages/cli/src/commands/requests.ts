import { formatCount, pagesOf } from '@naap/plugin-naap-common';
import { KPI_IDS, KpiId, RequestAnswer, RequestQuery } from '@naap/serving';
import { Command } from 'commander';
import { createContext } from '../context';
import { UsageError } from '../errors';
import {
  addFilterOptions,
  addWindowOptions,
  FilterOptions,
  toFilters,
  toWindow,
} from '../options';
import { print, printPages, toFormat } from '../output';
import type { Platform } from '../platform/Platform';
import { requestRow } from '../requestTable';
import { withPlatform } from '../withPlatform';

/** Rows asked for at a time. */
const PAGE = 5000;
/** Rows of a table, unless more are asked for. */
const SCREEN = 50;

interface Options extends FilterOptions {
  id?: string;
  kpi?: string;
  last?: string;
  from?: string;
  to?: string;
  limit?: string;
  all: boolean;
  wide: boolean;
  format: string;
}

export function addRequests(program: Command): void {
  const command = program
    .command('requests')
    .description(
      `the facts of requests: the ${SCREEN} newest as a table; of every request, oldest first, as JSON or CSV`,
    )
    .option('--id <request>', 'only this request_id')
    .option(
      '--kpi <kpi>',
      `only what this KPI counts, the worst first: ${KPI_IDS.join(', ')}`,
    )
    .option('--limit <n>', 'at most this many rows')
    .option('--all', 'as many rows as there are', false)
    .option('--wide', 'a table of every column', false)
    .option('--format <format>', 'table, json or csv', 'table');
  addFilterOptions(addWindowOptions(command)).action(
    async (options: Options) => {
      const format = toFormat(options.format);
      const isTable = format === 'table';
      const query: RequestQuery = {
        requestId: options.id,
        kpi: toKpi(options.kpi),
        ...toWindow(options),
        filters: toFilters(options),
        order: isTable ? 'newest' : 'oldest',
      };
      const limit = toLimit(options, isTable ? SCREEN : Infinity);
      const context = await createContext(program.opts());
      await withPlatform(context, platform => {
        const rows = firstRows(platform, query, limit);
        return isTable
          ? printForPeople(rows, options)
          : printPages(rows, format);
      });
    },
  );
}

/** As a table; below it how many of how many these are. */
async function printForPeople(
  pages: AsyncIterable<Pick<RequestAnswer, 'rows' | 'total'>>,
  { kpi, wide }: Options,
): Promise<void> {
  let shown = 0;
  let all = 0;
  async function* rows() {
    for await (const page of pages) {
      shown += page.rows.length;
      all = page.total;
      yield { rows: wide ? page.rows : page.rows.map(requestRow) };
    }
  }
  await printPages(rows(), 'table');
  if (shown === 0) return;
  const order = kpi ? 'the worst first' : 'newest first';
  const more = shown < all ? '; --all shows all' : '';
  await print(
    `\n${formatCount(shown)} of ${formatCount(
      all,
    )} requests, ${order}${more}\n`,
  );
}

/** Pages of the first rows. */
async function* firstRows(
  platform: Platform,
  query: RequestQuery,
  limit: number,
): AsyncGenerator<Pick<RequestAnswer, 'rows' | 'total'>> {
  let left = limit;
  const pages = pagesOf(cursor =>
    platform.requests({ ...query, cursor, limit: Math.min(PAGE, left) }),
  );
  for await (const { rows, total } of pages) {
    yield { rows, total };
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

function toLimit({ limit: text, all }: Options, usual: number): number {
  if (all) {
    if (text === undefined) return Infinity;
    throw new UsageError('--all has no --limit');
  }
  if (text === undefined) return usual;
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new UsageError(`--limit is a number from 1 up, not "${text}"`);
  }
  return Number(text);
}
