import { allPages } from '@naap/plugin-naap-common';
import { ScrapeMessage, scraperOf, targetsOf, toLines } from '@naap/ingestion';
import { Command } from 'commander';
import { createContext } from '../context';
import { UsageError } from '../errors';
import { toNumber } from '../options';
import type { Platform } from '../platform/Platform';
import { Progress } from '../progress';
import { readTargets, SettingsOptions, settingsOf } from '../scrape/configured';
import { scrapeRounds, scrapesOf } from '../scrape/scrapeRounds';
import { withPlatform } from '../withPlatform';

interface Options extends SettingsOptions {
  targets?: string;
  dryRun: boolean;
  once: boolean;
  rounds?: string;
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
      const settings = await settingsOf(context.root, options);
      const fixed = options.targets && (await readTargets(options.targets));
      const rounds = roundsOf(options);
      const { dryRun: isReadOnly } = options;
      const listener = new Progress();
      if (settings.policy.allowPrivateTargets) {
        listener.done(
          'WARNING: private and loopback addresses are targets too (allowPrivateTargets); never do this where strangers name targets',
        );
      }
      await untilStopped(signal =>
        scrapeRounds({
          scraper: scraperOf(settings, context.home, { isReadOnly }),
          settings,
          targets: async () =>
            fixed ||
            targetsOf(
              settings,
              await withPlatform(context, reported),
              Date.now(),
            ),
          take: async (start, messages) => {
            if (isReadOnly) {
              await print(messages);
              return '; nothing is published';
            }
            const counts = await withPlatform(context, platform =>
              platform.publish(toLines(messages), settings.source),
            );
            process.stdout.write(`${JSON.stringify({ start, ...counts })}\n`);
            return '';
          },
          rounds,
          listener,
          signal,
        }),
      );
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

/** The orchestrators that capability reports named, as they are served. */
async function reported(platform: Platform) {
  const pages = await allPages(cursor => platform.inventory({ cursor }));
  return pages.flatMap(({ orchestrators }) => orchestrators);
}

async function untilStopped(
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    await work(stop.signal);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

async function print(messages: readonly ScrapeMessage[]): Promise<void> {
  const lines = toLines(scrapesOf(messages));
  await new Promise<void>((resolve, reject) =>
    process.stdout.write(lines.map(line => `${line}\n`).join(''), error =>
      error ? reject(error) : resolve(),
    ),
  );
}
