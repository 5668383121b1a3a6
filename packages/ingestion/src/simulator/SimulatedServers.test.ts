import type { NetworkCapabilitiesEntry } from '@naap/events';
import { request } from 'node:https';
import { connect } from 'node:tls';
import { gatePolicy } from '../scraper/guard/GatePolicy';
import { Scraper } from '../scraper/Scraper';
import { simulate } from './simulate';
import { SimulatedServers } from './SimulatedServers';

const NETWORK = { seed: 1, orchestrators: 20 };
const NOON = Date.UTC(2026, 1, 25, 12);
const END = NOON + 3_600_000;

/** What a run of the simulation says, and what a round of the scraper finds then. */
async function scrapeBeside(block: number) {
  const servers = await SimulatedServers.start(NETWORK, block, () => END);
  try {
    const report: { newest?: NetworkCapabilitiesEntry[] } = {};
    const messages = simulate({
      ...NETWORK,
      from: NOON,
      to: END,
      dirt: 0,
    });
    for (const message of messages) {
      servers.observe(message);
      const { type, data } = JSON.parse(message.raw);
      if (type === 'network_capabilities') report.newest = data;
    }
    const scraper = new Scraper({
      policy: gatePolicy({ ports: [[1, 65535]], allowPrivateTargets: true }),
      resolve: async name => [servers.hosts[name]].filter(Boolean),
    });
    const found = await scraper.round({
      start: NOON,
      targets: servers.targets.map(target => ({
        ...target,
        origins: ['config'],
      })),
      spreadMs: 0,
      signal: new AbortController().signal,
    });
    const scrapes = found.flatMap(message =>
      message.type === 'orchestrator_scrape' ? [message.data] : [],
    );
    return { scrapes, report: report.newest ?? [], found };
  } finally {
    await servers.close();
  }
}

it('what is scraped agrees with what is pushed', async () => {
  const { scrapes, report, found } = await scrapeBeside(201);
  const byUrl = new Map(scrapes.map(scrape => [scrape.target, scrape]));
  expect(report.length).toBeGreaterThan(20);
  // The gateway names every orchestrator, by the report that it pushed.
  expect(
    scrapes.filter(({ kind }) => kind === 'orchestrator').map(s => s.target),
  ).toEqual(expect.arrayContaining(report.map(({ orch_uri: url }) => url)));
  expect(
    found.filter(({ type }) => type === 'network_capabilities'),
  ).toMatchObject([{ data: report }]);

  const answering = scrapes.filter(({ runners, kind }) => {
    return kind === 'orchestrator' && runners.length > 0;
  });
  expect(answering.length).toBeGreaterThan(2);
  for (const { target, gpus, capacity, runners, tls } of answering) {
    const entry = report.find(({ orch_uri: url }) => url === target)!;
    const hardware = (entry.hardware ?? []) as Array<{
      gpu_info: Record<string, { id: string; name: string }>;
    }>;
    const reported = hardware.map(({ gpu_info: info }) => info[0].id);
    const ids = gpus.map(({ id }) => id);
    // Some report no hardware.
    expect([ids, []]).toContainEqual(reported);
    expect(capacity.total).toBe(runners.length);
    expect(tls?.self_signed).toBe(true);
    const runner = byUrl.get(`http://${new URL(target).hostname}:8900`);
    expect(runner).toMatchObject({ reachable: true });
    expect(runner!.gpus[0].id).toBe(gpus[0].id);
  }
});

it('a stream that is on is seen as use', async () => {
  const { scrapes } = await scrapeBeside(202);
  const busy = scrapes.filter(
    ({ gpus }) => (gpus[0]?.utilization_compute ?? 0) > 0,
  );
  expect(busy.length).toBeGreaterThan(0);
  for (const { health } of busy) expect(health).toBe('OK');
});

it('answers what it does not have with 404, over TLS', async () => {
  const servers = await SimulatedServers.start(
    { seed: 1, orchestrators: 1 },
    203,
  );
  try {
    const [host] = Object.values(servers.hosts);
    const [name] = Object.keys(servers.hosts);
    expect(name).toMatch(/\.example$/);
    expect(host).toMatch(/^127\.203\./);
    const status = await new Promise<number | undefined>((done, fail) => {
      const asked = request(
        {
          host,
          port: 8935,
          path: '/etc/passwd',
          createConnection: () =>
            connect({ host, port: 8935, rejectUnauthorized: false }),
        },
        response => done(response.statusCode),
      );
      asked.once('error', fail);
      asked.end();
    }).catch(error => error.code);
    expect([404, 'ECONNREFUSED']).toContain(status);
  } finally {
    await servers.close();
  }
});
