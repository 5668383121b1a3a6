import ipaddr from 'ipaddr.js';

type IPv6Range = [ipaddr.IPv6, number];

/** All that is routed on the Internet; what is outside of it is not public. */
const GLOBAL_UNICAST: IPv6Range = [ipaddr.IPv6.parse('2000::'), 3];

/** Answers about the machine itself at a public address (Azure). */
const METADATA_ADDRESS = '168.63.129.16';

/** What a development set-up lives on. Link-local is not: clouds keep secrets there. */
const PRIVATE_RANGES = new Set([
  'loopback',
  'private',
  'uniqueLocal',
  'carrierGradeNat',
]);

/** The last 64 bits carry an IPv4 address (ISATAP): tunnels lead to it. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return (parts[4] === 0 || parts[4] === 0x200) && parts[5] === 0x5efe;
}

function rangeOf(text: string): string {
  const address = ipaddr.parse(text);
  const range = address.range();
  if (range !== 'unicast') return range;
  if (address instanceof ipaddr.IPv6) {
    if (!address.match(GLOBAL_UNICAST)) return 'reserved';
    return isIsatap(address) ? 'isatap' : range;
  }
  return address.toString() === METADATA_ADDRESS ? 'metadata' : range;
}

/**
 * The special range that an IP address lies in, such as `loopback`, or null if
 * the scraper may talk to it.
 *
 * @throws Error if `address` is no IP address
 */
export function refusedRange(
  address: string,
  allowPrivate: boolean,
): string | null {
  const range = rangeOf(address);
  if (range === 'unicast') return null;
  return allowPrivate && PRIVATE_RANGES.has(range) ? null : range;
}

/** Whether two texts are the same IP address. */
export function isSameAddress(one: string, other: string): boolean {
  return (
    ipaddr.parse(one).toNormalizedString() ===
    ipaddr.parse(other).toNormalizedString()
  );
}
