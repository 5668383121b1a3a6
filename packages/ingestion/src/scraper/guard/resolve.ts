import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { ProbeError } from '../ProbeError';
import { refusedRange } from './addressRange';
import type { GatePolicy } from './GatePolicy';

/** All addresses of a name, IPv4 first. */
export type Resolve = (name: string) => Promise<string[]>;

/** All texts of a name; none when there is no answer. */
export type ResolveTexts = (name: string) => Promise<string[]>;

const resolverOf = (timeoutMs: number) =>
  new Resolver({ timeout: timeoutMs, tries: 1 });

/** TXT records of the name servers. */
export function dnsTexts(timeoutMs: number): ResolveTexts {
  const resolver = resolverOf(timeoutMs);
  return async name => {
    const records = await resolver.resolveTxt(name).catch(() => []);
    return records.map(parts => parts.join(''));
  };
}

/** Asks the name servers, not the files of this machine. */
export function dnsResolve(timeoutMs: number): Resolve {
  const resolver = resolverOf(timeoutMs);
  return async name => {
    const answers = await Promise.allSettled([
      resolver.resolve4(name),
      resolver.resolve6(name),
    ]);
    return answers.flatMap(answer =>
      answer.status === 'fulfilled' ? answer.value : [],
    );
  };
}

/**
 * The addresses that may be connected to. One refused address refuses the name:
 * who mixes public and private ones means no good.
 *
 * @throws ProbeError
 */
export async function resolveChecked(
  host: string,
  policy: GatePolicy,
  resolve: Resolve,
): Promise<string[]> {
  const addresses = isIP(host) ? [host] : await resolve(host);
  if (addresses.length === 0) throw new ProbeError('dns');
  for (const address of addresses) {
    const range = isIP(address)
      ? refusedRange(address, policy.allowPrivateTargets)
      : 'not_an_address';
    if (range) throw new ProbeError('refused_address', range);
  }
  return addresses;
}
