import {
  mergeTargets,
  parseTargets,
  shownUrl,
  targetKey,
  targetsOfCapabilities,
  targetsOfUrls,
} from './targets';

const target = (url: string, kind = 'orchestrator') => ({
  url,
  kind,
  origins: ['file'],
});

describe('parseTargets', () => {
  it('reads a URL a line, without blank lines and comments', () => {
    expect(
      parseTargets(
        '# ours\nhttps://a.example:8935\r\n\n  https://b.example \n',
      ),
    ).toEqual([target('https://a.example:8935'), target('https://b.example')]);
  });

  it('reads a JSON array of URLs and of targets with their kind', () => {
    expect(
      parseTargets(
        ' ["https://a.example", {"url": "http://g.example:5935", "kind": "node"}]',
      ),
    ).toEqual([
      target('https://a.example'),
      target('http://g.example:5935', 'node'),
    ]);
  });

  it.each([
    ['[', /no JSON array/],
    ['[7]', /entry 0 has no url/],
    ['[null]', /entry 0 has no url/],
    ['["https://a.example", {"url": "x", "kind": "router"}]', /entry 1 .*kind/],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => parseTargets(text)).toThrow(message);
  });
});

describe('mergeTargets', () => {
  it('has each URL once, with all its origins and claimants; the first kind stays', () => {
    expect(
      mergeTargets(
        [
          {
            url: 'http://R.example:8000/',
            kind: 'runner',
            origins: ['config'],
          },
        ],
        targetsOfUrls(['http://r.example:8000', 'https://a.example'], 'file'),
        targetsOfUrls(['https://A.example/'], 'gateway', ['0xa', '0xb']),
        targetsOfUrls(['https://a.example'], 'capabilities', ['0xb', '0xc']),
      ),
    ).toEqual([
      {
        url: 'http://R.example:8000/',
        kind: 'runner',
        origins: ['config', 'file'],
        claimants: [],
      },
      {
        url: 'https://a.example',
        kind: 'orchestrator',
        origins: ['file', 'gateway', 'capabilities'],
        claimants: ['0xa', '0xb', '0xc'],
      },
    ]);
  });

  it('takes URLs that events say in one way for one, so that a round has as many events as it says', () => {
    const long = `https://a.example/${'é'.repeat(300)}`;
    const urls = [
      'https://one@a.example',
      'https://two:secret@a.example',
      'https://a.example',
      '/',
      '//',
      long,
      `${long}y`,
    ];
    expect(mergeTargets(targetsOfUrls(urls, 'gateway'))).toHaveLength(3);
  });
});

describe('a URL with over 512 characters is no target', () => {
  const longest = `https://a.example${'/'.repeat(495)}`;

  it('of those that strangers name', () => {
    const entries = [longest, `${longest}/`, '/'.repeat(400_000)].map(
      orch_uri => ({ address: '0xa', orch_uri }),
    );
    expect(targetsOfCapabilities(entries).map(({ url }) => url)).toEqual([
      longest,
    ]);
  });

  it.each([`${longest}/`, JSON.stringify([{ url: `${longest}/` }])])(
    'and a file that lists one is wrong',
    text => {
      expect(() => parseTargets(text)).toThrow(/URL has over 512 characters/);
    },
  );
});

it('targets of capability reports are the URLs that they name', () => {
  const entries = [
    { address: '0xa', orch_uri: 'https://a.example' },
    { address: '0xb' },
    { address: '0xc', orch_uri: '' },
  ];
  expect(targetsOfCapabilities(entries).map(({ url }) => url)).toEqual([
    'https://a.example',
  ]);
});

describe('shownUrl', () => {
  it.each([
    ['https://user:secret@a.example/x@y', 'https://a.example/x@y'],
    ['https:user:secret@a.example', 'https:a.example'],
    ['ht\ttps://user:secret@a.example', 'https://a.example'],
    ['\\\\user:secret@a.example', '\\\\a.example'],
    ['user:secret@a.example', 'user:a.example'],
    ['https://bücher.example', 'https://b%C3%BCcher.example'],
    ['https://a.example/\u202e\ud800', 'https://a.example/%E2%80%AE%EF%BF%BD'],
    ['', '-'],
    ['///', '-'],
  ])('shows %j as %j', (url, shown) => {
    expect(shownUrl(url)).toBe(shown);
  });

  it('is bounded', () => {
    expect(shownUrl(`https://${'é'.repeat(400)}`)).toHaveLength(512);
  });
});

it('the key of a target has no case and no trailing slash', () => {
  expect(targetKey('HTTPS://A.example:8935//')).toBe('https://a.example:8935');
});
