import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  EventLog,
  EventLogBus,
  readScraperSettings,
  Round,
  Scraper,
} from '@naap/ingestion';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scrapeCounters } from './scrapeCounters';
import { scrapeStep } from './scrapeStep';

const logger: LoggerService = {
  info: jest.fn(),
  warn: jest.fn(),
  error: jest.fn(),
  debug: jest.fn(),
  child: () => logger,
};
const NOON = Date.UTC(2026, 1, 25, 12);
const SEEN = { last_seen_at: new Date(NOON - 60_000).toISOString() };

describe('scrapeStep', () => {
  let home: string;
  let log: EventLog;
  let port: number;
  const server = createServer((_request, response) => response.end('[]'));

  beforeAll(async () => {
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    port = (server.address() as AddressInfo).port;
  });

  afterAll(() => server.close());

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'naap-scrape-step-'));
    log = await EventLog.open(home);
  });

  afterEach(async () => {
    await log.close();
    await rm(home, { recursive: true });
  });

  function setUp(config: object = {}) {
    const settings = {
      ...readScraperSettings({
        allowPrivateTargets: true,
        ports: '1-65535',
        targets: [`http://127.0.0.1:${port}`, 'http://127.0.0.1:1'],
        ...config,
      }),
      spreadMs: 0,
    };
    const scraper = new Scraper({ policy: settings.policy });
    const bus = new EventLogBus(log);
    const step = scrapeStep({
      settings,
      scraper,
      reported: async () => [
        {
          orchestrator: '0xa',
          uris: [`http://127.0.0.1:${port}/`, 'http://169.254.1.1'],
          ...SEEN,
        },
        {
          orchestrator: '0xb',
          uris: ['http://old.example'],
          last_seen_at: '2026-01-01T00:00:00Z',
        },
      ],
      append: (lines, source) => bus.append(lines, source),
      now: () => NOON + 5_000,
    });
    const run = (signal = new AbortController().signal) =>
      step.run({ signal, logger, options: {} });
    return { step, run, scraper };
  }

  it('publishes one event a target in one append, and tells what became of them', async () => {
    const { run } = setUp();
    expect(await run()).toEqual({
      changed: true,
      rows: 3,
      details: {
        round: NOON,
        targets: 3,
        reachable: 1,
        unreachable: 1,
        refused: 1,
        not_asked: 0,
        runners_left_out: 0,
        accepted: 3,
        duplicate: 0,
        rejected: 0,
        // One row more: of the batch.
        nextOffset: 4,
      },
    });
  });

  it('counts a round once, however often it runs', async () => {
    const { run } = setUp();
    await run();
    expect(await run()).toMatchObject({
      changed: false,
      rows: 0,
      details: { accepted: 0, duplicate: 3 },
    });
  });

  it('publishes nothing of a round that is cancelled', async () => {
    const { run } = setUp();
    const abort = new AbortController();
    const running = run(abort.signal);
    abort.abort(new Error('cancelled'));
    await expect(running).rejects.toThrow('cancelled');
    expect(log.nextOffset).toBe(0);
  });

  it('says how many targets a run would ask', async () => {
    const { step } = setUp();
    expect(await step.plan({})).toMatchObject({
      touches: [{ name: 'network_events', rows: 3 }],
    });
  });

  it('has nothing to do without a target', async () => {
    const { scraper } = setUp();
    const round = jest.fn<never, [Round]>();
    const step = scrapeStep({
      settings: readScraperSettings({}),
      scraper: { round, metrics: scraper.metrics },
      reported: async () => [],
      append: jest.fn(),
    });
    await expect(
      step.run({
        signal: new AbortController().signal,
        logger,
        options: {},
      }),
    ).rejects.toThrow(/No target/);
    expect(round).not.toHaveBeenCalled();
  });

  it('counts rounds, targets, bytes and refusals', async () => {
    const { run, scraper } = setUp();
    await run();
    const page = Object.fromEntries(
      scrapeCounters(scraper.metrics).map(({ name, read }) => [name, read()]),
    );
    expect(page.naap_scrape_rounds_total).toEqual([{ labels: {}, value: 1 }]);
    expect(page.naap_scrape_bytes_total).toEqual([{ labels: {}, value: 2 }]);
    expect(page.naap_scrape_refusals_total).toEqual([
      { labels: { reason: 'linkLocal' }, value: 1 },
    ]);
    expect(page.naap_scrape_targets_total).toContainEqual({
      labels: { state: 'reachable' },
      value: 1,
    });
  });
});
