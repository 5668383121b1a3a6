/**
 * A process to be killed: scrapes the targets of argv[3], with commas between
 * them, round after round without a pause, into the log of the home in argv[2].
 * Round n is that of minute n, from argv[4] on; each is done twice. Prints the
 * number of a round that is durable.
 */
import { EventLog } from '../../eventlog/EventLog';
import { toLines } from '../event';
import { gatePolicy } from '../guard/GatePolicy';
import { Scraper } from '../Scraper';
import { targetsOfUrls } from '../targets';

/** The first round: in a year that the gate believes. */
const FIRST = Date.UTC(2026, 1, 25);

async function main(home: string, urls: string[], first: number) {
  const log = await EventLog.open(home, { waitMs: 10_000 });
  const scraper = new Scraper({
    policy: gatePolicy({ ports: [[1, 65535]], allowPrivateTargets: true }),
  });
  for (let n = 2 * first; ; n++) {
    const round = Math.floor(n / 2);
    const messages = await scraper.round({
      start: FIRST + round * 60_000,
      targets: targetsOfUrls(urls, 'file'),
      spreadMs: 5,
      signal: new AbortController().signal,
    });
    await log.append(toLines(messages), 'scraper', { whole: true });
    process.stdout.write(`${round}\n`);
  }
}

const [home, urls, first] = process.argv.slice(2);
main(home, urls.split(','), Number(first));
