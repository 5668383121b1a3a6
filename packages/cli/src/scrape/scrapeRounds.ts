import {
  roundStarts,
  runnersLeftOut,
  Scraper,
  ScrapeMessage,
  ScraperSettings,
  Target,
} from '@naap/ingestion';
import type { Listener } from '../platform/Platform';

const nameOf = (start: number) => `round ${new Date(start).toISOString()}`;

export interface Scraping {
  scraper: Pick<Scraper, 'round'>;
  settings: Pick<ScraperSettings, 'intervalMs' | 'spreadMs'>;
  /** Asked before every round. */
  targets: () => Promise<Target[]>;
  /** Takes what a round found; answers what is to be added to what is said of it. */
  take: (start: number, messages: readonly ScrapeMessage[]) => Promise<string>;
  /** Stop after so many; undefined: go on without end. */
  rounds?: number;
  listener: Listener;
  signal: AbortSignal;
}

/**
 * Round after round until there were enough, or the signal aborts: what a round
 * that is on has found is abandoned then.
 *
 * @throws what went wrong with a round, where the number of rounds is known
 */
export async function scrapeRounds({
  rounds,
  settings,
  listener,
  signal,
  ...scraping
}: Scraping): Promise<void> {
  const oneRound = async (start: number) => {
    const messages = await scraping.scraper.round({
      start,
      targets: await scraping.targets(),
      spreadMs: rounds === 1 ? 0 : settings.spreadMs,
      signal,
      onProgress: (count, all) => listener.update(`${count} of ${all} targets`),
    });
    const more = await scraping.take(start, messages);
    listener.done(`${nameOf(start)}: ${describe(messages)}${more}`);
  };
  try {
    let done = 0;
    for await (const start of roundStarts(settings.intervalMs, signal)) {
      try {
        await oneRound(start);
      } catch (error) {
        // A service outlives a portal that restarts and a disk that is full for a while.
        if (rounds !== undefined || signal.aborted) throw error;
        listener.done(`${nameOf(start)} is lost: ${(error as Error).message}`);
      }
      done += 1;
      if (done === rounds) return;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    listener.done('stopped; a round that was on is abandoned');
  }
}

/** What targets answered, without what the round says of itself. */
export function scrapesOf(messages: readonly ScrapeMessage[]): ScrapeMessage[] {
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
