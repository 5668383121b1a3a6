/**
 * A process for a network namespace to which all addresses belong: the whole
 * Internet is a web server that is no orchestrator, but for one address. Makes
 * every attack and prints what came of it.
 */
import { createServer, RequestListener } from 'node:http';
import { Scraper } from '../Scraper';
import { targetsOfUrls } from '../targets';
import { Attack, ATTACKS, GIANT, PORTS } from './attacks';

const HONEST = '151.101.1.1';
const HONEST_URL = `http://${HONEST}:8935`;
const MINUTE_MS = 60_000;
/** A round a minute at first, when the waits are short; then one in 15 minutes, to have a day in seconds. */
const DAY = [
  ...Array.from({ length: 30 }, (_, i) => i * MINUTE_MS),
  ...Array.from({ length: 94 }, (_, i) => (i + 2) * 15 * MINUTE_MS),
];

/** Requests that came, by path. */
let requests: Record<string, number> = {};
let honest = 0;

const answer: RequestListener = ({ url = '', socket }, response) => {
  if (socket.localAddress?.endsWith(HONEST)) {
    if (url === '/discovery') honest += 1;
    response.end(url === '/discovery' ? '[]' : '');
    return;
  }
  requests[url] = (requests[url] ?? 0) + 1;
  response.statusCode = 302;
  response.setHeader('location', 'http://8.8.8.8:80/');
  response.end('<html>');
};

const total = () => Object.values(requests).reduce((a, b) => a + b, 0);

async function attack({ targets, names }: Attack, starts: number[]) {
  requests = {};
  honest = 0;
  const scraper = new Scraper({
    resolve: async () => (names === undefined ? [] : [names]),
  });
  const given = [
    ...targets,
    ...targetsOfUrls([HONEST_URL], 'capabilities', ['0xhonest']),
  ];
  let before = 0;
  let worst = 0;
  let events = 0;
  let unwhole = 0;
  let againstOthers = 0;
  for (const start of starts) {
    const messages = await scraper.round({
      start,
      targets: given,
      spreadMs: 0,
      signal: new AbortController().signal,
    });
    worst = Math.max(worst, total() - before);
    before = total();
    events = Math.max(events, messages.length);
    for (const { data } of messages) {
      if (!('target' in data)) continue;
      if (data.round_targets !== messages.length) unwhole += 1;
      // Who is not asked counts as refused, not as dead.
      if (!data.attempted && data.refusal === null) againstOthers += 1;
    }
  }
  return {
    rounds: starts.length,
    honest,
    worst,
    day: total(),
    events,
    unwhole,
    againstOthers,
    paths: Object.keys(requests),
  };
}

async function main() {
  const servers = await Promise.all(
    [80, ...PORTS].map(async port => {
      const server = createServer(answer);
      await new Promise<void>(done => server.listen(port, '::', done));
      return server;
    }),
  );
  const found: Record<string, unknown> = {};
  for (const one of ATTACKS) found[one.is] = await attack(one, DAY);
  found[GIANT.is] = await attack(GIANT, DAY.slice(0, 4));
  console.log(JSON.stringify(found));
  servers.forEach(server => server.close());
}

main();
