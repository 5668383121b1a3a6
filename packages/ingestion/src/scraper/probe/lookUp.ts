import { isIP } from 'node:net';
import type { GatePolicy } from '../guard/GatePolicy';
import { Resolve, resolveChecked } from '../guard/resolve';
import { phase } from './phase';

/** Of a name with many addresses, so many are tried. */
const MAX_ADDRESSES = 4;

/** Where a host is. */
export interface Found {
  /** All of them may be connected to. */
  addresses: readonly string[];
  /** What it took to find them; null: the host is an address. */
  ms: number | null;
}

/**
 * Finds the addresses of a host and checks them.
 *
 * @throws ProbeError; the signal's reason
 */
export async function lookUp(
  host: string,
  options: {
    policy: GatePolicy;
    resolve: Resolve;
    dnsMs: number;
    signal: AbortSignal;
  },
): Promise<Found> {
  const { policy, resolve, dnsMs, signal } = options;
  const started = performance.now();
  const limit = { ms: dnsMs, late: 'dns', signal } as const;
  const addresses = await phase<string[]>(limit, (found, fail) => {
    resolveChecked(host, policy, resolve).then(found, fail);
    return () => {};
  });
  return {
    addresses: addresses.slice(0, MAX_ADDRESSES),
    ms: isIP(host) ? null : performance.now() - started,
  };
}
