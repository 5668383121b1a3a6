import { readScraperSettings } from './settings';

describe('readScraperSettings', () => {
  it('has a default for everything', () => {
    expect(readScraperSettings(undefined)).toMatchObject({
      targets: [],
      targetsFile: null,
      hostsFile: null,
      intervalMs: 60_000,
      spreadMs: 30_000,
      policy: { allowPrivateTargets: false },
      concurrency: 100,
      source: 'scraper',
      contact: null,
    });
  });

  it('reads targets as URLs and with their kind', () => {
    const { targets } = readScraperSettings({
      targets: [
        'https://a.example:8935',
        { url: 'http://gateway.example:5935', kind: 'node' },
      ],
    });
    expect(targets).toEqual([
      {
        url: 'https://a.example:8935',
        kind: 'orchestrator',
        origins: ['config'],
      },
      {
        url: 'http://gateway.example:5935',
        kind: 'node',
        origins: ['config'],
      },
    ]);
  });

  it.each([
    [{ intervalSeconds: 1 }, /naap.scraper.intervalSeconds is '1'/],
    [{ intervalSeconds: 300 }, /use a number from 5 to 240/],
    [{ concurrency: 0 }, /naap.scraper.concurrency/],
    [{ source: 'Mine' }, /naap.scraper.source/],
    [{ targets: 'https://a.example' }, /naap.scraper.targets is no list/],
    [{ targets: [{ kind: 'node' }] }, /naap.scraper.targets\[0\] has no url/],
    [
      { targets: ['x'.repeat(513)] },
      /naap.scraper.targets\[0\] has .* over 512 characters/,
    ],
    [{ targets: [{ url: 'x', kind: 'y' }] }, /naap.scraper.targets\[0\].kind/],
    [{ ports: 'ssh' }, /neither a port nor a range/],
    [{ contact: 'a@b.example\nx: y' }, /naap.scraper.contact is 'a@b.example/],
    [{ targetsFile: 7 }, /naap.scraper.targetsFile is no text/],
  ])('says what is wrong with %j', (config, message) => {
    expect(() => readScraperSettings(config)).toThrow(message);
  });

  it('allows private targets only when it says so in so many words', () => {
    expect(
      readScraperSettings({ allowPrivateTargets: 'no' }).policy,
    ).toMatchObject({ allowPrivateTargets: false });
    expect(
      readScraperSettings({ allowPrivateTargets: true }).policy,
    ).toMatchObject({ allowPrivateTargets: true });
  });
});
