import {
  classify,
  messageSchemas,
  orchestratorScrapeSchema,
} from '@naap/events';
import Ajv from 'ajv/dist/2020';
import { createServer } from 'node:http';
import { loopbackServers } from './__fixtures__/servers';
import { ScrapeMessage, toLines } from './event';
import { gatePolicy } from './guard/GatePolicy';
import { momentOf } from './schedule';
import { Round, Scraper, ScraperOptions } from './Scraper';
import type { Target } from './Target';

const servers = loopbackServers();
const policy = gatePolicy({ ports: [[1, 65535]], allowPrivateTargets: true });
const ajv = new Ajv({ allowUnionTypes: true });
const isScrape = ajv.compile(orchestratorScrapeSchema);

const target = (url: string, kind: Target['kind'] = 'orchestrator') => ({
  url,
  kind,
  origins: ['file'],
});

function scraperOf(options: ScraperOptions = {}) {
  const scraper = new Scraper({ policy, ...options });
  const round = (targets: Target[], more: Partial<Round> = {}) =>
    scraper.round({
      start: Date.now(),
      targets,
      spreadMs: 0,
      signal: new AbortController().signal,
      ...more,
    });
  return { scraper, round };
}

const scrapesOf = (messages: ScrapeMessage[]) =>
  messages.flatMap(message =>
    message.type === 'orchestrator_scrape' ? [message.data] : [],
  );

const paths = (answers: Record<string, string>) => {
  const asked: string[] = [];
  return {
    asked,
    listen: (host = '127.0.0.1') =>
      servers.http(({ url = '' }, response) => {
        asked.push(url);
        response.statusCode = url in answers ? 200 : 404;
        response.end(answers[url]);
      }, host),
  };
};

describe('a round', () => {
  it('is events that fit the schema and the gate of messages, whatever the targets are', async () => {
    const port = await paths({
      '/discovery': JSON.stringify([
        { runners: [{ app: 'a/b', capacity: 1, version: '\ud800\u0000<b>' }] },
      ]),
    }).listen();
    const messages = await scraperOf().round([
      target(`http://127.0.0.1:${port}`),
      target(`http://127.0.0.1:${port}/`),
      target('http://127.0.0.1:1'),
      target('http://user:secret@a.example'),
      target('http://169.254.169.254'),
      target(`\u202e<script>${'x'.repeat(1_000)}`),
      target(''),
    ]);
    expect(messages).toHaveLength(6);
    for (const [i, { data }] of messages.entries()) {
      expect([isScrape(data), isScrape.errors]).toEqual([true, null]);
      expect(data).toMatchObject({ round_targets: 6 });
      const line = toLines(messages)[i];
      expect(line.includes('secret')).toBe(false);
      expect(classify(line, Date.now())).toMatchObject({ class: 'accepted' });
    }
    expect(messageSchemas.orchestrator_scrape).toBeDefined();
  });

  it('says how many runners an answer had of which not all are kept', async () => {
    const runners = Array.from({ length: 300 }, () => ({ capacity: 2 }));
    const port = await paths({
      '/discovery': JSON.stringify([{ runners }]),
    }).listen();
    const { round, scraper } = scraperOf();
    const [scrape] = scrapesOf(
      await round([target(`http://127.0.0.1:${port}`)]),
    );
    expect([isScrape(scrape), isScrape.errors]).toEqual([true, null]);
    expect(scrape).toMatchObject({
      runners_total: 300,
      capacity: { total: 600, used: null, available: null },
    });
    expect(scrape.runners).toHaveLength(256);
    expect(scraper.metrics.runnersLeftOut).toBe(44);
  });

  it('has the same ids when it is done again, and others in the next', async () => {
    const { round } = scraperOf();
    const ids = async (start: number) =>
      (await round([target('http://127.0.0.1:1')], { start })).map(m => m.id);
    expect(await ids(60_000)).toEqual(await ids(60_000));
    expect(await ids(60_000)).not.toEqual(await ids(120_000));
  });

  it('asks the orchestrators that a gateway names, through the same gate', async () => {
    const port = await paths({ '/discovery': '[]' }).listen('127.0.0.2');
    const gateway = await paths({
      '/status': '{"Version":"0.9.1"}',
      '/getNetworkCapabilities': JSON.stringify({
        orchestrators: [
          { address: '0xa', orch_uri: `http://127.0.0.2:${port}` },
          { address: '0xb', orch_uri: 'http://169.254.169.254' },
          { address: '0xc', orch_uri: 'file:///etc/passwd' },
        ],
      }),
    }).listen();
    const { round } = scraperOf();
    const targets = [target(`http://127.0.0.1:${gateway}`, 'node')];
    const messages = await round(targets, { start: 0 });
    expect(
      scrapesOf(messages).map(({ target: url, error_class, origins }) => [
        url,
        error_class,
        ...origins,
      ]),
    ).toEqual([
      [`http://127.0.0.1:${gateway}`, null, 'file'],
      [`http://127.0.0.2:${port}`, null, 'gateway'],
      ['http://169.254.169.254', 'refused_address', 'gateway'],
      ['file:///etc/passwd', 'refused_url', 'gateway'],
    ]);
    const reports = (all: ScrapeMessage[]) =>
      all.filter(({ type }) => type === 'network_capabilities').length;
    expect(reports(messages)).toBe(1);
    // Its report is published as often as a gateway sends one.
    expect(reports(await round(targets, { start: 60_000 }))).toBe(0);
    expect(reports(await round(targets, { start: 25 * 60_000 }))).toBe(1);
  });

  it('asks a host one thing at a time, and no more hosts at once than it may', async () => {
    const open: Record<string, number> = { all: 0 };
    const most: Record<string, number> = { all: 0 };
    const enter = (name: string, by: number) => {
      open[name] = (open[name] ?? 0) + by;
      most[name] = Math.max(most[name] ?? 0, open[name]);
    };
    const listen = (host: string) =>
      servers.http((_request, response) => {
        enter(host, 1);
        enter('all', 1);
        setTimeout(() => {
          enter(host, -1);
          enter('all', -1);
          response.end('[]');
        }, 20);
      }, host);
    const hosts = ['127.0.2.1', '127.0.2.2', '127.0.2.3', '127.0.2.4'];
    const urls = await Promise.all(
      hosts.flatMap(host =>
        [1, 2, 3].map(async () => `http://${host}:${await listen(host)}`),
      ),
    );
    const messages = await scraperOf({ concurrency: 3 }).round(
      urls.map(url => target(url)),
    );
    expect(scrapesOf(messages).every(({ reachable }) => reachable)).toBe(true);
    expect(hosts.map(host => most[host])).toEqual([1, 1, 1, 1]);
    expect(most.all).toBe(3);
  });

  it('asks one host, by name or by address, at most 20 times', async () => {
    const { listen, asked } = paths({ '/discovery': '[]' });
    const port = await listen('127.0.3.1');
    const { round, scraper } = scraperOf({
      resolve: async () => ['127.0.3.1'],
    });
    await round(
      Array.from({ length: 50 }, (_, i) =>
        target(`http://orch-${i}.example:${port}`),
      ),
    );
    await round(
      Array.from({ length: 50 }, (_, i) =>
        target(`http://127.0.3.1:${port}/${i}`),
      ),
    );
    expect(asked.filter(path => path.endsWith('/discovery'))).toHaveLength(40);
    expect(scraper.metrics.refusals).toEqual({ too_many_of_host: 60 });
  });

  it('spreads its targets, each at the same moment of every round', async () => {
    const port = await paths({ '/discovery': '[]' }).listen();
    const { round } = scraperOf({ resolve: async () => ['127.0.0.1'] });
    const urls = Array.from(
      { length: 8 },
      (_, i) => `http://orch-${i}.example:${port}`,
    );
    const moments = urls.map(url => momentOf(`orchestrator ${url}`, 600));
    expect(new Set(moments).size).toBeGreaterThan(4);
    for (let i = 0; i < 2; i++) {
      const began = Date.now();
      const messages = await round(
        urls.map(url => target(url)),
        { spreadMs: 600 },
      );
      // A busy machine can make them later, never earlier but for the timer's rounding.
      for (const { target: url, timestamp } of scrapesOf(messages)) {
        const moment = moments[urls.indexOf(url)];
        expect(timestamp - began).toBeGreaterThanOrEqual(moment - 2);
      }
    }
  });

  it('that is abandoned gives nothing and leaves no connection', async () => {
    const server = createServer(() => {});
    const port = await new Promise<number>(done =>
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        done(typeof address === 'object' && address ? address.port : 0);
      }),
    );
    const abort = new AbortController();
    const running = scraperOf().round([target(`http://127.0.0.1:${port}`)], {
      signal: abort.signal,
    });
    await new Promise(done => server.once('connection', done));
    abort.abort(new Error('abandoned'));
    await expect(running).rejects.toThrow('abandoned');
    // Resolves when no connection is left.
    await new Promise(done => server.close(done));
  });
});

it('the dead are still counted as unreachable in rounds that leave them alone', async () => {
  const { round, scraper } = scraperOf();
  const attempts: boolean[] = [];
  for (let i = 0; i < 6; i++) {
    const [scrape] = scrapesOf(await round([target('http://127.0.0.1:1')]));
    expect(scrape).toMatchObject({
      reachable: false,
      error_class: 'connect_refused',
    });
    attempts.push(scrape.attempted);
  }
  expect(attempts.slice(0, 2)).toEqual([true, true]);
  expect(attempts).toContain(false);
  expect(scraper.metrics.targets.backed_off).toBeGreaterThan(0);
});
