import { pagesOf } from '@naap/plugin-naap-common';
import { AVAILABILITY_DIMENSIONS, AvailabilityQuery } from '@naap/serving';
import { Command } from 'commander';
import { createContext } from '../context';
import { addWindowOptions, toDimensions, toWindow } from '../options';
import { printPages, toFormat } from '../output';
import { withPlatform } from '../withPlatform';

interface Options {
  by?: string;
  last?: string;
  from?: string;
  to?: string;
  orchestrator?: string[];
  format: string;
}

export function addAvailability(program: Command): void {
  const command = program
    .command('availability')
    .description('what the scraper found at orchestrators')
    .option('--by <dimensions>', `any of ${AVAILABILITY_DIMENSIONS.join(',')}`)
    .option('--format <format>', 'table, json or csv', 'table');
  addWindowOptions(command)
    .option(
      '--orchestrator <value>',
      'only this orchestrator; repeatable; ~ means unknown',
      (value: string, before: string[] = []) => [...before, value],
    )
    .action(async (options: Options) => {
      const format = toFormat(options.format);
      const query: AvailabilityQuery = {
        by: toDimensions(options.by, AVAILABILITY_DIMENSIONS),
        ...toWindow(options),
        filters: {
          orchestrator: options.orchestrator?.map(value =>
            value === '~' ? null : value,
          ),
        },
      };
      const context = await createContext(program.opts());
      await withPlatform(context, platform =>
        printPages(
          pagesOf(cursor => platform.availability({ ...query, cursor })),
          format,
        ),
      );
    });
}
