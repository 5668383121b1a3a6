import { networksOf } from './networks';

it.each([
  ['93.184.215.14', '93.184.215.0/24', '93.184.0.0/16'],
  ['93.184.215.255', '93.184.215.0/24', '93.184.0.0/16'],
  [
    '2a00:1450:4001:82a::200e',
    '2a00:1450:4001:82a::/64',
    '2a00:1450:4001::/48',
  ],
  [
    '2a00:1450:4001:82a:ffff:ffff:ffff:ffff',
    '2a00:1450:4001:82a::/64',
    '2a00:1450:4001::/48',
  ],
])('%s lies in %s and %s', (address, narrow, wide) => {
  expect(networksOf(address)).toEqual({ narrow, wide });
});

it.each(['127.0.0.1', '10.1.2.3', 'fd00::1', '100.64.0.1'])(
  'a network of %s is nobody else’s',
  address => {
    expect(networksOf(address)).toBeNull();
  },
);
