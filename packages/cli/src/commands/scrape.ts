import { ScrapeMessage, scraperOf, targetsOf, toLines } from '@naap/ingestion';
import { Command } from 'commander';
import { UsageError } from '../errors';
import { readKafkaCluster } from '../kafkaCluster';
import { toNumber } from '../options';
import { findPlaces } from '../places';
import { Progress } from '../progress';
import { readTargets, SettingsOptions, settingsOf } from '../scrape/configured';
import type { Destination } from '../scrape/Destination';
import { kafkaDestination } from '../scrape/kafkaDestination';
import { RoundsState } from '../scrape/RoundsState';
import { scrapeRounds, scrapesOf } from '../scrape/scrapeRounds';
import { serveState } from '../serveState';

interface Options extends SettingsOptions {
  kafka?: string;
  port?: string;
  targets?: string;
  dryRun: boolean;
  once: boolean;
  rounds?: string;
}

/** @param openDefault - where rounds go when no Kafka is named */
export function addScrape(
  program: Command,
  openDefault: () => Promise<Destination>,
): void {
  program
    .command('scrape')
    .description(
      'asks orchestrators, nodes and runners what only they know → lake; round after round until it is stopped',
    )
    .option(
      '--kafka <brokers>',
      'publish to the topic network_events of these brokers instead, host:port,… (as of naap gate); asks only who is configured',
    )
    .option(
      '--port <n>',
      'serve its state as JSON at /healthz on this port; 503 while it is not alive',
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
      const { root, home } = await findPlaces();
      const settings = await settingsOf(root, options);
      const fixed = options.targets && (await readTargets(options.targets));
      const rounds = roundsOf(options);
      const { dryRun: isReadOnly } = options;
      const listener = new Progress();
      if (settings.policy.allowPrivateTargets) {
        listener.done(
          'WARNING: private and loopback addresses are targets too (allowPrivateTargets); never do this where strangers name targets',
        );
      }
      const service = new RoundsState(settings.intervalMs);
      const destination =
        options.kafka === undefined
          ? await openDefault()
          : await kafkaDestination(
              await readKafkaCluster(options.kafka, process.env),
            );
      const port = options.port && toNumber('--port', options.port);
      const server = port ? await serveState(service, port) : undefined;
      try {
        await untilStopped(signal =>
          scrapeRounds({
            scraper: scraperOf(settings, home, { isReadOnly }),
            settings,
            targets: async () =>
              fixed ||
              targetsOf(settings, await destination.reported(), Date.now()),
            take: async (start, messages) => {
              if (isReadOnly) {
                await print(messages);
                return '; nothing is published';
              }
              const counts = await destination.publish(
                toLines(messages),
                settings.source,
              );
              service.published(start);
              process.stdout.write(`${JSON.stringify({ start, ...counts })}\n`);
              return '';
            },
            rounds,
            listener,
            signal,
          }),
        );
      } finally {
        server?.close();
        await destination.close();
      }
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
