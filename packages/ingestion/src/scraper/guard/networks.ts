import ipaddr from 'ipaddr.js';
import { refusedRange } from './addressRange';

/** What one stranger holds at least, and what a large one may hold. */
export interface Networks {
  /** IPv4 /24, IPv6 /64. */
  narrow: string;
  /** IPv4 /16, IPv6 /48. */
  wide: string;
}

/**
 * The networks that an IP address lies in. Null for a private one: those are
 * asked for development only, where all of them are the developer's.
 *
 * @throws Error if `text` is no IP address
 */
export function networksOf(text: string): Networks | null {
  if (refusedRange(text, false) !== null) return null;
  const { IPv4, IPv6 } = ipaddr;
  const [family, narrow, wide] = IPv4.isValid(text)
    ? [IPv4, 24, 16]
    : [IPv6, 64, 48];
  const network = (bits: number) =>
    `${family.networkAddressFromCIDR(`${text}/${bits}`)}/${bits}`;
  return { narrow: network(narrow), wide: network(wide) };
}
