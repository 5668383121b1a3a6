import { loopbackServers } from './__fixtures__/servers';
import type { ScrapeMessage } from './event';
import { gatePolicy } from './guard/GatePolicy';
import { Reputation } from './Reputation';
import { MAX_TRIALS } from './RoundLimits';
import { Scraper, ScraperOptions } from './Scraper';
import type { Target } from './Target';
import { targetsOfUrls } from './targets';

const servers = loopbackServers();
const policy = gatePolicy({ ports: [[1, 65535]], allowPrivateTargets: true });
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const DISCOVERY = JSON.stringify([{ runners: [{ app: 'a/b', capacity: 2 }] }]);

const reported = (...urls: string[]) =>
  targetsOfUrls(urls, 'capabilities', ['0xstranger']);

/** A scraper whose rounds are given by their minute, and what they said of each target. */
function scraperOf(options: ScraperOptions = {}) {
  const scraper = new Scraper({ policy, ...options });
  const round = async (targets: Target[], minute = 0) => {
    const messages: ScrapeMessage[] = await scraper.round({
      start: minute * MINUTE_MS,
      targets,
      spreadMs: 0,
      signal: new AbortController().signal,
    });
    return messages.flatMap(message =>
      message.type === 'orchestrator_scrape' ? [message.data] : [],
    );
  };
  return { scraper, round };
}

/** A server that answers these paths, and 404 to others; what it was asked. */
async function serverOf(answers: Record<string, string>, host = '127.0.0.1') {
  const asked: string[] = [];
  const agents = new Set<string | undefined>();
  const port = await servers.http(({ url = '', headers }, response) => {
    asked.push(url);
    agents.add(headers['user-agent']);
    response.statusCode = url in answers ? 200 : 404;
    response.end(answers[url]);
  }, host);
  return { asked, agents, answers, url: `http://${host}:${port}` };
}

const OPT_OUT = '/.well-known/naap-scraper.txt';

describe('URLs of one origin', () => {
  it('are asked once, without their paths; each is there, and what it offers is said once', async () => {
    const { url, asked } = await serverOf({ '/discovery': DISCOVERY });
    const found = await scraperOf().round(
      reported(`${url}/buy/now`, url, `${url}/other/`),
    );
    expect(asked).toEqual([OPT_OUT, '/discovery']);
    expect(
      found.map(({ target, reachable, capacity }) => [
        target,
        reachable,
        capacity.total,
      ]),
    ).toEqual([
      [`${url}/buy/now`, true, null],
      [url, true, 2],
      [`${url}/other/`, true, null],
    ]);
    expect(new Set(found.map(({ latency_ms: { total } }) => total)).size).toBe(
      1,
    );
  });

  it('are asked with their paths when the operator names them', async () => {
    const { url, asked } = await serverOf({ '/base/discovery': DISCOVERY });
    const [{ capacity }] = await scraperOf().round(
      targetsOfUrls([`${url}/base`], 'config'),
    );
    expect(capacity.total).toBe(2);
    expect(asked).toEqual([OPT_OUT, '/base/discovery']);
  });
});

describe('a target that never answered as an orchestrator', () => {
  it('is asked less and less, and counts neither for nor against it meanwhile', async () => {
    const { url, asked } = await serverOf({ '/discovery': '<html>' });
    const { round } = scraperOf();
    const minutes: number[] = [];
    for (let minute = 0; minute < 70; minute++) {
      const [scrape] = await round(reported(url), minute);
      if (scrape.attempted) minutes.push(minute);
      expect(scrape.refusal).toBe(scrape.attempted ? null : 'unproven');
      expect(scrape.reachable).toBe(scrape.attempted);
    }
    expect(minutes).toEqual([0, 1, 3, 7, 15, 31, 63]);
    expect(asked.filter(path => path === '/discovery')).toHaveLength(7);
  });

  it('is asked like any other when the operator names it too', async () => {
    const { url } = await serverOf({ '/discovery': '<html>' });
    const { round } = scraperOf();
    for (let minute = 0; minute < 5; minute++) {
      const [scrape] = await round(
        [...reported(url), ...targetsOfUrls([url], 'file')],
        minute,
      );
      expect(scrape.attempted).toBe(true);
    }
  });

  it('shares the trials of a round with all others', async () => {
    const { round, scraper } = scraperOf();
    await round(
      reported(
        ...Array.from({ length: 50 }, (_, i) => `http://127.9.0.${i}:1`),
      ).concat(
        Array.from({ length: 100 }, (_, i) =>
          targetsOfUrls([`http://127.9.1.${i}:1`], 'gateway', [`0x${i}`]),
        ).flat(),
      ),
    );
    const { unreachable, refused } = scraper.metrics.targets;
    expect([unreachable, refused]).toEqual([MAX_TRIALS, 50]);
  });
});

describe('a target that is an orchestrator', () => {
  it('is asked in every round, though it fails at times', async () => {
    const { url, answers, asked } = await serverOf({ '/discovery': DISCOVERY });
    const { round } = scraperOf();
    await round(reported(url));
    answers['/discovery'] = '<html>';
    for (let minute = 1; minute < 5; minute++) {
      const [scrape] = await round(reported(url), minute);
      expect(scrape).toMatchObject({ attempted: true, reachable: true });
    }
    expect(asked.filter(path => path === '/discovery')).toHaveLength(5);
  });

  it('that moves to somebody else’s address proves itself anew', async () => {
    const mine = await serverOf({ '/discovery': DISCOVERY }, '127.0.6.1');
    const port = Number(new URL(mine.url).port);
    let at = '127.0.6.1';
    const { round } = scraperOf({ resolve: async () => [at] });
    const url = `http://moves.example:${port}`;
    await round(reported(url));
    at = '127.0.6.2';
    const attempts: boolean[] = [];
    for (let minute = 1; minute < 9; minute++) {
      attempts.push((await round(reported(url), minute))[0].attempted);
    }
    expect(attempts.map(Number)).toEqual([1, 1, 0, 1, 0, 0, 0, 1]);
    at = '127.0.6.1';
    expect((await round(reported(url), 9))[0].reachable).toBe(true);
  });
});

describe('who opts out', () => {
  it.each([
    ['a stranger named', reported],
    ['the operator named', (url: string) => targetsOfUrls([url], 'config')],
  ])(
    'on the server that %s is not asked again, but once a day whether it still does',
    async (_, named) => {
      const { url, asked, answers } = await serverOf({
        '/discovery': DISCOVERY,
        [OPT_OUT]: '# not us\r\nDisallow\r\n',
      });
      const { round, scraper } = scraperOf();
      for (let minute = 0; minute < 10; minute++) {
        const [scrape] = await round(named(url), minute);
        expect(scrape).toMatchObject({
          attempted: false,
          reachable: false,
          error_class: 'refused_url',
          refusal: 'opt_out',
        });
      }
      expect(asked).toEqual([OPT_OUT]);
      expect(scraper.metrics.targets).toMatchObject({
        refused: 10,
        unreachable: 0,
      });

      delete answers[OPT_OUT];
      const [scrape] = await round(named(url), DAY_MS / MINUTE_MS);
      expect(scrape).toMatchObject({ attempted: true, refusal: null });
      expect(asked).toEqual([OPT_OUT, OPT_OUT, '/discovery']);
    },
  );

  it('in DNS is not even connected to', async () => {
    const { url, asked } = await serverOf({ '/discovery': DISCOVERY });
    const texts = jest.fn(async () => ['v=spf1 -all', 'disallow']);
    const { round } = scraperOf({ resolve: async () => ['127.0.0.1'], texts });
    const { port } = new URL(url);
    const [scrape] = await round(reported(`http://no.example:${port}`));
    expect(scrape).toMatchObject({ attempted: false, refusal: 'opt_out' });
    expect(texts).toHaveBeenCalledWith('_naap-scraper.no.example');
    expect(asked).toEqual([]);
  });

  it('is remembered over a restart, and when the server is gone', async () => {
    const { url, asked } = await serverOf({ [OPT_OUT]: 'disallow' });
    const gone = 'http://127.0.0.1:1';
    const reputation = new Reputation(null);
    reputation.setOptedOut(gone, true, 0);
    await scraperOf({ reputation }).round(reported(url));
    const found = [
      ...(await scraperOf({ reputation }).round(reported(url), 1)),
      ...(await scraperOf({ reputation }).round(reported(gone), 1_500)),
    ];
    expect(found.map(({ refusal }) => refusal)).toEqual(['opt_out', 'opt_out']);
    expect(asked).toEqual([OPT_OUT]);
  });

  it.each([
    ['a page for everything', '<html>disallow</html>'],
    ['a list of others', 'disallowed\nUser-agent: *\n'],
    ['too long a file', `${'#'.repeat(5_000)}\ndisallow\n`],
    ['a comment', '# disallow'],
  ])('is not who answers with %s', async (_, text) => {
    const { url } = await serverOf({ '/discovery': '[]', [OPT_OUT]: text });
    const [scrape] = await scraperOf().round(reported(url));
    expect(scrape).toMatchObject({ attempted: true, reachable: true });
  });

  it('is not whose server hangs or fails when it is asked that', async () => {
    const port = await servers.http(({ url }, response) => {
      if (url === '/discovery') response.end('[]');
      else response.socket?.destroy();
    });
    const [scrape] = await scraperOf().round(
      reported(`http://127.0.0.1:${port}`),
    );
    expect(scrape).toMatchObject({ attempted: true, reachable: true });
  });
});

it('everybody is told who asks', async () => {
  const { url, agents } = await serverOf({ '/discovery': '[]' });
  await scraperOf({ contact: 'ops@naap.example' }).round(reported(url));
  expect([...agents]).toEqual([
    expect.stringMatching(/^naap-scraper\/.*ops@naap\.example/),
  ]);
});
