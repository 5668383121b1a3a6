import { mockServices } from '@backstage/backend-test-utils';
import { misdirected, readAllowedHosts } from './allowedHosts';

const hostsOf = (backend: object = {}) =>
  readAllowedHosts(
    mockServices.rootConfig({
      data: {
        app: { baseUrl: 'https://Analytics.example' },
        backend: { baseUrl: 'http://backend.example:7007', ...backend },
      },
    }),
  );

/** A request as node:http gives it: the first of two equal headers, and all of them raw. */
const request = (
  headers: Array<[string, string]>,
  { method = 'GET', url = '/api/naap/v1/kpis' } = {},
) => ({
  method,
  url,
  rawHeaders: headers.flat(),
  headers: Object.fromEntries(
    [...headers].reverse().map(([name, value]) => [name.toLowerCase(), value]),
  ),
});

describe('readAllowedHosts', () => {
  it('is loopback, what the base URLs name, where it listens, and what is configured', () => {
    const more = { allowedHosts: ['NaaP.example.', '10.0.0.7', '[FD00::7]'] };
    expect([...hostsOf({ ...more, listen: { host: '10.1.1.1' } })]).toEqual([
      'localhost',
      '127.0.0.1',
      '[::1]',
      'analytics.example',
      'backend.example',
      '10.1.1.1',
      'naap.example',
      '10.0.0.7',
      '[fd00::7]',
    ]);
    expect(hostsOf({ listen: { host: '0.0.0.0' } }).size).toBe(5);
    expect(hostsOf({ listen: { host: '::' } }).size).toBe(5);
    expect(hostsOf({ listen: ':80' }).size).toBe(5);
  });

  it.each([
    'https://naap.example',
    'naap.example:80',
    '[fd00::7]:80',
    'naap.example/x',
    '*',
    'a b',
    '::1',
  ])('refuses %p with its key', text => {
    expect(() => hostsOf({ allowedHosts: ['good.example', text] })).toThrow(
      /backend.allowedHosts\[1\]/,
    );
  });
});

describe('misdirected', () => {
  const hosts = hostsOf();
  const statusOf = (...args: Parameters<typeof request>) =>
    misdirected(hosts, request(...args))?.status;

  it.each([
    ['localhost', undefined],
    ['LOCALHOST:7007', undefined],
    ['localhost.', undefined],
    ['127.0.0.1:9', undefined],
    ['[::1]:7007', undefined],
    ['[0:0:0:0:0:0:0:1]', undefined],
    ['analytics.example', undefined],
    ['backend.example:443', undefined],
    ['evil.example', 421],
    ['evil.example:7007', 421],
    ['localhost.evil.example', 421],
    ['evil.example#localhost', 421],
    ['evil@localhost', 421],
    ['localhost/evil', 421],
    ['localhost:port', 421],
    ['127.0.0.1.evil.example', 421],
    ['192.168.0.1', 421],
    ['[::2]', 421],
    ['::1', 421],
    ['', 421],
  ])('Host %p: %p', (host, status) => {
    expect(statusOf([['Host', host]])).toBe(status);
  });

  it('says which key names hosts', () => {
    expect(misdirected(hosts, request([['Host', 'evil.example']]))).toEqual({
      status: 421,
      message:
        "'evil.example': the portal answers to the hosts of backend.allowedHosts only",
    });
  });

  it('wants one Host, whatever proxies say of another', () => {
    expect(statusOf([])).toBe(400);
    expect(
      statusOf([
        ['Host', 'localhost'],
        ['host', 'evil.example'],
      ]),
    ).toBe(400);
    expect(
      statusOf([
        ['Host', 'evil.example'],
        ['X-Forwarded-Host', 'localhost'],
      ]),
    ).toBe(421);
    expect(
      statusOf([
        ['Host', 'localhost'],
        ['X-Forwarded-Host', 'evil.example'],
      ]),
    ).toBeUndefined();
  });

  it('looks at the host of a whole URL too', () => {
    const host: [string, string] = ['Host', 'localhost'];
    const at = (url: string) => statusOf([host], { url });
    expect(at('http://localhost:7007/api')).toBeUndefined();
    expect(at('http://evil.example/api')).toBe(421);
    expect(at('evil')).toBe(421);
    expect(at('*')).toBeUndefined();
    expect(at('//evil.example/api')).toBeUndefined();
    expect(
      statusOf([['Host', 'evil.example']], { url: 'http://localhost/api' }),
    ).toBe(421);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'])(
    '%s of a page of another site is refused',
    method => {
      const from = (origin: string) =>
        statusOf(
          [
            ['Host', 'localhost'],
            ['Origin', origin],
          ],
          { method },
        );
      expect(from('https://analytics.example')).toBeUndefined();
      expect(from('http://localhost:3000')).toBeUndefined();
      expect(from('https://evil.example')).toBe(403);
      expect(from('https://localhost.evil.example')).toBe(403);
      expect(from('null')).toBe(403);
      expect(from('')).toBe(403);
      expect(statusOf([['Host', 'localhost']], { method })).toBeUndefined();
    },
  );

  it.each(['GET', 'HEAD', 'OPTIONS'])('%s may come from any page', method => {
    const headers: Array<[string, string]> = [
      ['Host', 'localhost'],
      ['Origin', 'https://evil.example'],
    ];
    expect(statusOf(headers, { method })).toBeUndefined();
  });
});
