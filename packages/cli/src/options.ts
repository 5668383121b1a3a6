import { KPI_FILTERS, KpiFilters } from '@naap/serving';
import { Command } from 'commander';
import { UsageError } from './errors';

export type FilterOptions = Partial<
  Record<(typeof KPI_FILTERS)[number], string[]>
>;

/** `--model X --model Y`: any of the values; `~` stands for "unknown". */
export function addFilterOptions(command: Command): Command {
  for (const filter of KPI_FILTERS) {
    command.option(
      `--${filter} <value>`,
      `only this ${filter}; repeatable; ~ means unknown`,
      (value: string, before: string[] = []) => [...before, value],
    );
  }
  return command;
}

export function toFilters(options: FilterOptions): KpiFilters {
  const filters: KpiFilters = {};
  for (const filter of KPI_FILTERS) {
    filters[filter] = options[filter]?.map(value =>
      value === '~' ? null : value,
    );
  }
  return filters;
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

/** @throws UsageError */
export function toNumber(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new UsageError(`${option} is no number: "${text}"`);
  }
  return value;
}

/**
 * ISO 8601 as given by the user, with milliseconds and Z.
 * @throws UsageError
 */
export function toTime(option: string, text?: string): string | undefined {
  if (text === undefined) return undefined;
  const time = new Date(
    /^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(text) ? `${text}Z` : text,
  );
  if (Number.isNaN(time.getTime())) {
    throw new UsageError(
      `${option} is no time: "${text}"; write it like 2026-02-25T20:00:00Z`,
    );
  }
  return time.toISOString();
}

interface SpanOptions {
  last?: string;
  from?: string;
  to?: string;
}

const HOUR_MS = 3_600_000;
const SPANS = { '1h': 1, '24h': 24, '7d': 168, '30d': 720 };

/** `--last`, `--from` and `--to`. */
export function addWindowOptions(command: Command): Command {
  return command
    .option('--last <span>', `up to now: ${Object.keys(SPANS).join(', ')}`)
    .option(
      '--from <time>',
      'ISO 8601, UTC; to five minutes within two days, else whole hours',
    )
    .option('--to <time>', 'ISO 8601, UTC; likewise, not included');
}

/**
 * The window of the options; without one all that is served.
 * @throws UsageError
 */
export function toWindow(
  { last, from, to }: SpanOptions,
  now = Date.now(),
): { from?: string; to?: string } {
  if (last === undefined) {
    return { from: toTime('--from', from), to: toTime('--to', to) };
  }
  if (!Object.hasOwn(SPANS, last)) {
    throw new UsageError(
      `--last is one of ${Object.keys(SPANS).join(', ')}, not "${last}"`,
    );
  }
  if (from !== undefined || to !== undefined) {
    throw new UsageError('--last is a window by itself: without --from, --to');
  }
  const hours = SPANS[last as keyof typeof SPANS];
  return {
    from: new Date(now - hours * HOUR_MS).toISOString(),
    to: new Date(now).toISOString(),
  };
}

/**
 * @param least - 0 where that stands for any free one
 * @throws UsageError
 */
export function toPort(text: string, least: 0 | 1): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < least || port > 65_535) {
    throw new UsageError(
      `--port is a number from ${least} to 65535, not "${text}"`,
    );
  }
  return port;
}
