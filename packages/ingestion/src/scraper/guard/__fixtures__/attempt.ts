/**
 * A process for a network namespace that has only loopback: makes every
 * attempt, and prints what became of each, how many sockets were opened, and how
 * many connections came to traps on ports that attempts lead to.
 */
import { subscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Scraper } from '../../Scraper';
import { REBINDING_NAMES, SSRF_ATTEMPTS } from './ssrfAttempts';

const TRAP_PORTS = [22, 25, 80, 443, 2375, 5432, 6379, 8935, 9200];

async function main() {
  let trapped = 0;
  const traps = await Promise.all(
    TRAP_PORTS.map(async port => {
      const trap = createServer(() => trapped++);
      await new Promise<void>(done => trap.listen(port, '::', done));
      return trap;
    }),
  );
  let sockets = 0;
  subscribe('net.client.socket', () => sockets++);

  const asked: Record<string, number> = {};
  const scraper = new Scraper({
    resolve: async name => {
      const { answers } = REBINDING_NAMES[name] ?? { answers: [['127.0.0.1']] };
      const at = asked[name] ?? 0;
      asked[name] = at + 1;
      return answers[Math.min(at, answers.length - 1)];
    },
  });
  const found: Record<string, [string | null, string | null]> = {};
  const urls = [
    ...SSRF_ATTEMPTS.map(([url]) => url),
    ...Object.keys(REBINDING_NAMES).map(name => `http://${name}`),
  ];
  for (const url of urls) {
    const [{ data }] = await scraper.round({
      start: 0,
      targets: [{ url, kind: 'runner', origins: ['file'] }],
      spreadMs: 0,
      signal: new AbortController().signal,
    });
    if ('target' in data) found[url] = [data.error_class, data.refusal];
  }
  const interfaces = Object.keys(networkInterfaces());
  console.log(JSON.stringify({ found, sockets, trapped, interfaces }));
  traps.forEach(trap => trap.close());
}

main();
