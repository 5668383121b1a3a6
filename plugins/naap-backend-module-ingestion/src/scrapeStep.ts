import { InputError } from '@backstage/errors';
import {
  AppendResult,
  Reported,
  roundOf,
  runnersLeftOut,
  ScrapeMessage,
  Scraper,
  ScraperSettings,
  targetsOf,
  toLines,
} from '@naap/ingestion';
import type { PipelineStep } from '@naap/plugin-naap-node';

/** So often a run tells how far it is. */
const TELL_MS = 5_000;

/** `scrape`: one round over all targets, published as one append: a round is in the log whole or not at all. */
export function scrapeStep(options: {
  settings: ScraperSettings;
  scraper: Pick<Scraper, 'round' | 'metrics'>;
  /** The orchestrators that capability reports name. */
  reported: () => Promise<readonly Reported[]>;
  /** Makes a round durable. */
  append: (lines: Buffer[], source: string) => Promise<AppendResult>;
  now?: () => number;
}): PipelineStep {
  const { settings, scraper, reported, append, now = Date.now } = options;
  const targets = async () => targetsOf(settings, await reported(), now());
  return {
    id: 'scrape',
    title: 'Scrape the network',
    description:
      'Asks every target once whether it is there, how fast it answers, and what it offers; publishes what it found to the event log.',
    component: 'component:default/naap-scraper',
    reads: [],
    writes: ['bus'],
    parameters: [],

    async plan() {
      const count = (await targets()).length;
      return {
        summary: `Asks ${count} targets, spread over ${
          settings.spreadMs / 1000
        } s.`,
        touches: [
          {
            kind: 'table',
            name: 'network_events',
            rows: count,
            note: 'One event a target; what gateways report joins the round.',
          },
        ],
      };
    },

    async run({ signal, logger }) {
      const start = roundOf(now(), settings.intervalMs);
      const name = `round ${new Date(start).toISOString()}`;
      const given = await targets();
      if (given.length === 0) {
        throw new InputError(
          'No target: name some in naap.scraper.targets, or wait for a capability report',
        );
      }
      logger.info(`${name}: asking ${given.length} targets`);
      if (settings.policy.allowPrivateTargets) {
        logger.warn(
          'Private and loopback addresses are targets too (naap.scraper.allowPrivateTargets): for development only',
        );
      }
      let toldAt = now();
      const messages = await scraper.round({
        start,
        targets: given,
        spreadMs: settings.spreadMs,
        signal,
        onProgress: (done, all) => {
          if (now() - toldAt < TELL_MS) return;
          toldAt = now();
          logger.info(`${done} of ${all} targets`);
        },
      });
      const { accepted, duplicate, rejected, nextOffset } = await append(
        toLines(messages),
        settings.source,
      );
      const found = tally(messages);
      logger.info(
        `${name}: ${found.reachable} of ${found.targets} reachable, ${found.refused} refused, ${found.not_asked} left alone for now`,
      );
      if (found.runners_left_out > 0) {
        logger.warn(
          `${name}: ${found.runners_left_out} runners are counted but not kept: their targets have too many`,
        );
      }
      return {
        changed: accepted > 0,
        rows: accepted,
        details: {
          round: start,
          ...found,
          accepted,
          duplicate,
          rejected,
          nextOffset,
        },
      };
    },
  };
}

/** Targets of a round by what became of them. */
function tally(messages: readonly ScrapeMessage[]) {
  const found = {
    targets: 0,
    reachable: 0,
    unreachable: 0,
    refused: 0,
    not_asked: 0,
    runners_left_out: 0,
  };
  for (const { data } of messages) {
    if (!('reachable' in data)) continue;
    found.targets += 1;
    found.runners_left_out += runnersLeftOut(data);
    if (data.reachable) found.reachable += 1;
    else if (data.refusal !== null) found.refused += 1;
    else if (data.attempted) found.unreachable += 1;
    else found.not_asked += 1;
  }
  return found;
}
