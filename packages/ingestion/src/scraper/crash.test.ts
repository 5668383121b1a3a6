import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { readRows, temporaryHomes } from '../eventlog/__fixtures__/homes';
import { EventLog } from '../eventlog/EventLog';
import { loopbackServers } from './__fixtures__/servers';

const newHome = temporaryHomes();
const servers = loopbackServers();
const TARGETS = 40;
const KILLS = 8;

/** Scrapes until it is killed at a random moment; the last round that it said to be durable. */
async function scrapeAndKill(home: string, urls: string[], first: number) {
  const child = spawn(
    process.execPath,
    [
      '--require',
      require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      join(__dirname, '__fixtures__', 'scrapeForever.ts'),
      home,
      urls.join(),
      `${first}`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.on('data', chunk => {
    if (output === '') {
      setTimeout(() => child.kill('SIGKILL'), Math.random() * 400);
    }
    output += chunk;
  });
  await once(child, 'close');
  return output.split('\n').slice(0, -1).map(Number).at(-1) ?? first;
}

it('a scraper that is killed at random leaves each round whole or absent, and counted once', async () => {
  const home = newHome();
  const ports = await Promise.all(
    Array.from({ length: TARGETS }, (_, i) =>
      servers.http(
        (_request, response) => response.end('[]'),
        `127.0.4.${i + 1}`,
      ),
    ),
  );
  const urls = ports.map((port, i) => `http://127.0.4.${i + 1}:${port}`);
  let last = 0;
  // Each process begins with the last round that was durable: it is done again.
  for (let i = 0; i < KILLS; i++) last = await scrapeAndKill(home, urls, last);

  // Cuts off what the last kill left half written.
  await (await EventLog.open(home)).close();
  const perRound = new Map<number, number>();
  for (const row of await readRows(home)) {
    if (row.class !== 'accepted') continue;
    const { round } = JSON.parse(String(row.data)) as { round: number };
    perRound.set(round, (perRound.get(round) ?? 0) + 1);
  }
  expect(perRound.size).toBeGreaterThanOrEqual(last + 1);
  expect([...new Set(perRound.values())]).toEqual([TARGETS]);
});
