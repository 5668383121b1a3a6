import type { Target } from '../Target';
import { targetsOfUrls } from '../targets';

/** Strangers' reports that aim the scraper at somebody who is no orchestrator. */
export interface Attack {
  is: string;
  targets: Target[];
  /** Addresses of names; of all of them if it is one text. */
  names?: string;
}

const range = <T>(count: number, of: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => of(i));

const byOne = (urls: string[]) =>
  targetsOfUrls(urls, 'capabilities', ['0xattacker']);

const byMany = (urls: string[]) =>
  urls.flatMap((url, i) =>
    targetsOfUrls([url], 'capabilities', [`0xattacker${i}`]),
  );

const hex = (i: number) => i.toString(16);

/** Ports that the scraper asks by default. */
export const PORTS = range(100, i => 8900 + i);

export const ATTACKS: readonly Attack[] = [
  {
    is: '3,000 addresses of an IPv6 /64',
    targets: byOne(
      range(3_000, i => `http://[2a00:1450:4001:82a::${hex(i + 1)}]:8935`),
    ),
  },
  {
    is: '500 addresses of an IPv6 /64, each by another',
    targets: byMany(
      range(500, i => `http://[2a00:1450:4001:82a::${hex(i + 1)}]:8935`),
    ),
  },
  {
    is: '500 networks of an IPv6 /48',
    targets: byMany(
      range(500, i => `http://[2a00:1450:4001:${hex(i + 1)}::1]:8935`),
    ),
  },
  {
    is: '320 servers of an IPv4 /28',
    targets: byMany(
      range(320, i => `http://93.184.215.${i % 16}:${PORTS[i >> 4]}`),
    ),
  },
  {
    is: '256 networks of an IPv4 /16',
    targets: byMany(range(256, i => `http://93.184.${i}.77:8935`)),
  },
  {
    is: '100 ports of one address',
    targets: byMany(PORTS.map(port => `http://93.184.215.14:${port}`)),
  },
  {
    is: '500 names of one address',
    targets: byMany(range(500, i => `http://name-${i}.example:8935`)),
    names: '93.184.215.14',
  },
  {
    is: '1,000 paths of one server',
    targets: byMany(range(1_000, i => `http://93.184.215.14:8935/buy/${i}`)),
  },
  {
    is: 'one server, named by 1,000',
    targets: targetsOfUrls(
      ['http://93.184.215.14:8935'],
      'capabilities',
      range(1_000, i => `0xattacker${i}`),
    ),
  },
];

/** A report of 20,000 servers all over the Internet. */
export const GIANT: Attack = {
  is: '20,000 servers of 20,000 networks',
  targets: byMany(
    range(20_000, i => `http://${1 + (i >> 8)}.${i & 255}.77.1:8935`),
  ).filter(({ url }) => !/\/\/(?:10|127|0)\./.test(url)),
};
