import {
  KpiRow,
  ModelTargets,
  pagesOf,
  RowTargets,
  targetsTogether,
} from '@naap/plugin-naap-common';
import {
  AnswerMeta,
  KPI_DIMENSIONS,
  KpiDimension,
  KpiQuery,
} from '@naap/serving';
import { Command } from 'commander';
import { createContext } from '../context';
import { groupRow, kpiRows, MARKS_TEXT, windowText } from '../kpiTable';
import {
  addFilterOptions,
  addWindowOptions,
  FilterOptions,
  toDimensions,
  toFilters,
  toWindow,
} from '../options';
import { print, printPages, toFormat } from '../output';
import type { Platform } from '../platform/Platform';
import { withPlatform } from '../withPlatform';

interface Options extends FilterOptions {
  by?: string;
  last?: string;
  from?: string;
  to?: string;
  wide: boolean;
  format: string;
}

export function addKpis(program: Command): void {
  const command = program
    .command('kpis')
    .description('the KPIs of all that is served, or of a window')
    .option('--by <dimensions>', `any of ${KPI_DIMENSIONS.join(',')}`)
    .option('--wide', 'a table of every figure, as --format csv has it', false)
    .option('--format <format>', 'table, json or csv', 'table');
  addFilterOptions(addWindowOptions(command)).action(
    async (options: Options) => {
      const format = toFormat(options.format);
      const by = toDimensions(options.by, KPI_DIMENSIONS);
      const query = { by, ...toWindow(options), filters: toFilters(options) };
      const context = await createContext(program.opts());
      await withPlatform(context, platform =>
        format === 'table' && !options.wide
          ? printForPeople(platform, query)
          : printPages(
              pagesOf(cursor => platform.kpis({ ...query, cursor })),
              format,
            ),
      );
    },
  );
}

/** A row a KPI, or a row a group; below it what window it is of, and how fresh. */
async function printForPeople(
  platform: Platform,
  query: KpiQuery & { by: KpiDimension[] },
): Promise<void> {
  const { by } = query;
  const targetsOf = await readTargets(platform, query);
  let meta: AnswerMeta | undefined;
  async function* rows() {
    for await (const page of pagesOf(cursor =>
      platform.kpis({ ...query, cursor }),
    )) {
      meta = page.meta;
      yield {
        rows: page.rows.flatMap(row =>
          by.length > 0
            ? groupRow(row, by, targetsOf(row))
            : kpiRows(row, targetsOf(row)),
        ),
      };
    }
  }
  await printPages(rows(), 'table');
  if (meta) {
    const legend = by.length > 0 ? MARKS_TEXT : '';
    await print(`\n${legend}${windowText(meta, new Date())}`);
  }
}

/** The targets of each row of the query: those of the models whose values are in it. */
async function readTargets(
  platform: Platform,
  query: KpiQuery & { by: KpiDimension[] },
): Promise<(row: KpiRow) => RowTargets> {
  const { by, from, to } = query;
  const targets: ModelTargets[] = [];
  for await (const page of pagesOf(cursor =>
    platform.targets({ from, to, cursor }),
  )) {
    targets.push(...page.rows);
  }
  if (by.includes('model')) return row => targetsTogether([row], targets);
  const keyOf = (row: KpiRow) => JSON.stringify(by.map(name => row[name]));
  const models = new Map<string, KpiRow[]>();
  for await (const page of pagesOf(cursor =>
    platform.kpis({ ...query, by: [...by, 'model'], cursor }),
  )) {
    for (const row of page.rows) {
      const known = models.get(keyOf(row));
      if (known) known.push(row);
      else models.set(keyOf(row), [row]);
    }
  }
  return row => targetsTogether(models.get(keyOf(row)) ?? [], targets);
}
