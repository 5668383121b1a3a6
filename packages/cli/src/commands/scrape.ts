import { allPages } from '@naap/plugin-naap-common';
import {
  parseTargets,
  readScraperSettings,
  roundStarts,
  ScrapeMessage,
  runnersLeftOut,
  scraperOf,
  ScraperSettings,
  Target,
  TargetFileError,
  targetsOf,
  toLines,
} from '@naap/ingestion';
import { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { Context, createContext } from '../context';
import { UsageError } from '../errors';
import { readNaapConfig } from '../naapConfig';
import { findPortal } from '../portal';
import { Progress } from '../progress';
import { publishRound } from '../publishRound';
import { withServed } from './kpis';
import { toNumber } from './simulate';

interface Options {
  targets?: string;
  dryRun: boolean;
  once: boolean;
  rounds?: string;
  interval?: string;
  ports?: string;
  allowPrivateTargets: boolean;
}

export function addScrape(program: Command): void {
  program
    .command('scrape')
    .description(
      'asks orchestrators, nodes and runners what only they know → lake; round after round until it is stopped',
    )
    .option(
      '--targets <file>',
      'only these: a URL a line, or a JSON array of {"url", "kind"}; default: naap.scraper.targets and what capability reports in the lake name',
    )
    .option(
      '--dry-run',
      'one round, printed as NDJSON, one event a target; nothing is published',
      false,
    )
    .option('--once', 'one round, at once', false)
    .option('--rounds <n>', 'stop after so many')
    .option('--interval <seconds>', 'time between the starts of rounds')
    .option('--ports <list>', 'ports that may be asked, such as 443,8900-8999')
    .option(
      '--allow-private-targets',
      'for development: private and loopback addresses too',
      false,
    )
    .action(async (options: Options) => {
      const context = await createContext(program.opts());
      const settings = await settingsOf(context, options);
      const fixed = options.targets && (await readTargets(options.targets));
      const targets = fixed
        ? async () => fixed
        : async () => targetsOf(settings, await reported(context), Date.now());
      await scrape(context, settings, targets, options);
    });
}

/** @throws UsageError */
async function settingsOf(
  { root }: Context,
  options: Options,
): Promise<ScraperSettings> {
  const { scraper } = await readNaapConfig(root);
  try {
    return readScraperSettings({
      ...scraper,
      ...(options.interval !== undefined && {
        intervalSeconds: toNumber('--interval', options.interval),
      }),
      ...(options.ports !== undefined && { ports: options.ports }),
      ...(options.allowPrivateTargets && { allowPrivateTargets: true }),
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** @throws UsageError */
async function readTargets(file: string): Promise<Target[]> {
  try {
    return parseTargets(await readFile(file, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof TargetFileError) {
      throw new UsageError(`${file}: ${message}`);
    }
    throw new UsageError(
      code === 'ENOENT' ? `no file ${file}` : `can't read ${file} (${code})`,
    );
  }
}

/** The orchestrators that capability reports named, as they are served. */
async function reported({ home }: Context) {
  // Portals come and go while a service runs.
  const portal = await findPortal(home);
  return withServed({ home, portal }, async served => {
    const pages = await allPages(cursor => served.inventory({ cursor }));
    return pages.flatMap(({ orchestrators }) => orchestrators);
  });
}

/** How many rounds; undefined: without end. Throws a UsageError. */
function roundsOf({ dryRun, once, rounds }: Options): number | undefined {
  if (dryRun || once) return 1;
  if (rounds === undefined) return undefined;
  const count = toNumber('--rounds', rounds);
  if (count >= 1 && Number.isInteger(count)) return count;
  throw new UsageError(`--rounds is a number from 1, not "${rounds}"`);
}

const nameOf = (start: number) => `round ${new Date(start).toISOString()}`;

async function scrape(
  context: Context,
  settings: ScraperSettings,
  targetsNow: () => Promise<Target[]>,
  options: Options,
): Promise<void> {
  const rounds = roundsOf(options);
  const scraper = scraperOf(settings, context.home, {
    isReadOnly: options.dryRun,
  });
  const progress = new Progress();
  if (settings.policy.allowPrivateTargets) {
    progress.done(
      'WARNING: private and loopback addresses are targets too (allowPrivateTargets); never do this where strangers name targets',
    );
  }
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const oneRound = async (start: number) => {
    const messages = await scraper.round({
      start,
      targets: await targetsNow(),
      spreadMs: rounds === 1 ? 0 : settings.spreadMs,
      signal: stop.signal,
      onProgress: (count, all) => progress.update(`${count} of ${all} targets`),
    });
    if (options.dryRun) {
      await print(messages);
    } else {
      const counts = await publishRound(context.home, messages, settings);
      process.stdout.write(`${JSON.stringify({ start, ...counts })}\n`);
    }
    progress.done(
      `${nameOf(start)}: ${describe(messages)}${
        options.dryRun ? '; nothing is published' : ''
      }`,
    );
  };
  try {
    let done = 0;
    for await (const start of roundStarts(settings.intervalMs, stop.signal)) {
      try {
        await oneRound(start);
      } catch (error) {
        // A service outlives a portal that restarts and a disk that is full for a while.
        if (rounds !== undefined || stop.signal.aborted) throw error;
        progress.done(`${nameOf(start)} is lost: ${(error as Error).message}`);
      }
      done += 1;
      if (done === rounds) return;
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    progress.done('stopped; a round that was on is abandoned');
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

function scrapesOf(messages: readonly ScrapeMessage[]) {
  return messages.filter(({ type }) => type === 'orchestrator_scrape');
}

function describe(messages: readonly ScrapeMessage[]): string {
  const scrapes = scrapesOf(messages);
  const reachable = scrapes.filter(
    ({ data }) => 'reachable' in data && data.reachable,
  );
  const leftOut = scrapes.reduce(
    (count, { data }) =>
      'runners' in data ? count + runnersLeftOut(data) : count,
    0,
  );
  return `${scrapes.length} targets, ${reachable.length} reachable${
    leftOut > 0 ? `; ${leftOut} runners are counted but not kept` : ''
  }`;
}

async function print(messages: readonly ScrapeMessage[]): Promise<void> {
  const lines = toLines(scrapesOf(messages));
  await new Promise<void>((resolve, reject) =>
    process.stdout.write(lines.map(line => `${line}\n`).join(''), error =>
      error ? reject(error) : resolve(),
    ),
  );
}
