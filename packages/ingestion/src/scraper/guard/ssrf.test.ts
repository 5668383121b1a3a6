import { join } from 'node:path';
import { describeIsolated, runWithoutNetwork } from '../__fixtures__/namespace';
import { REBINDING_NAMES, SSRF_ATTEMPTS } from './__fixtures__/ssrfAttempts';
import { checkUrl } from './gate';
import { gatePolicy, parsePorts } from './GatePolicy';

describeIsolated('in a network namespace where nothing could leave', () => {
  it('refuses every attempt before a byte is sent', () => {
    const { found, sockets, trapped, interfaces } = JSON.parse(
      runWithoutNetwork(join(__dirname, '__fixtures__', 'attempt.ts')),
    );
    expect(interfaces).toEqual(['lo']);
    expect(sockets).toBe(0);
    expect(trapped).toBe(0);
    expect(Object.keys(found).length).toBeGreaterThan(120);
    for (const [url, reason] of SSRF_ATTEMPTS) {
      expect([url, found[url][1]]).toEqual([url, reason]);
    }
    for (const [name, { reason }] of Object.entries(REBINDING_NAMES)) {
      expect([name, ...found[`http://${name}`]]).toEqual([
        name,
        'refused_address',
        reason,
      ]);
    }
  });
});

describe('the gate', () => {
  it.each([
    ['https://orch.example:8935', 8935, true, ''],
    ['HTTPS://ORCH.EXAMPLE', 443, true, ''],
    ['http://orch.example:80/', 80, false, ''],
    ['https://orch.example:443/live/', 443, true, '/live'],
    ['http://93.184.215.14:8935', 8935, false, ''],
    ['https://xn--bcher-kva.example', 443, true, ''],
  ])('lets %s pass', (url, port, secure, path) => {
    expect(checkUrl(url, gatePolicy())).toEqual({
      secure,
      host: new URL(url).hostname,
      port,
      path,
    });
  });

  it('lets a public IPv6 address pass', () => {
    expect(checkUrl('http://[2a00:1450::1]:8935', gatePolicy())).toMatchObject({
      host: '2a00:1450::1',
    });
  });

  it.each([
    'http://169.254.169.254',
    'http://0.0.0.0',
    'http://[fe80::1]',
    'http://224.0.0.1',
    'http://[::ffff:127.0.0.1]',
    'http://168.63.129.16',
  ])('refuses %s for development too', url => {
    expect(
      checkUrl(url, gatePolicy({ allowPrivateTargets: true })),
    ).toMatchObject({ refused: 'refused_address' });
  });

  it('has no private targets in production', () => {
    const before = process.env.NODE_ENV;
    try {
      Object.assign(process.env, { NODE_ENV: 'production' });
      expect(() => gatePolicy({ allowPrivateTargets: true })).toThrow(
        /not in production/,
      );
    } finally {
      Object.assign(process.env, { NODE_ENV: before });
    }
  });
});

describe('parsePorts', () => {
  it('reads ports and ranges', () => {
    expect(parsePorts('443, 8900-8999')).toEqual([
      [443, 443],
      [8900, 8999],
    ]);
  });

  it.each(['', 'http', '0', '70000', '9-8', '1-2-3'])('refuses "%s"', text => {
    expect(() => parsePorts(text)).toThrow(RangeError);
  });
});
