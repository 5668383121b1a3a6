import { networksOf } from './guard/networks';
import { count } from './ScrapeMetrics';

/** Of what strangers name, so many URLs are looked at in a round beside those of known orchestrators: more would hold up others, */
export const MAX_CONSIDERED = 5_000;
/** of which so many are one claimant's, */
export const MAX_OF_CLAIMANT = 50;
/** and so many URLs take part. */
export const MAX_REPORTED = 1_000;
/** Of those that never proved to be an orchestrator, so many are asked in a round, */
export const MAX_TRIALS = 100;
/** at most so many in one IPv4 /24 or IPv6 /64, */
export const MAX_TRIALS_PER_NETWORK = 4;
/** and so many in one /16 or /48. */
export const MAX_TRIALS_PER_WIDE_NETWORK = 16;
/** Questions to one address in a round, whoever named it: more could be meant to harm it. */
export const MAX_PER_ADDRESS = 20;
/** To orchestrators in one /24 or /64 that strangers named, */
export const MAX_PER_NETWORK = 20;
/** and in one /16 or /48. */
export const MAX_PER_WIDE_NETWORK = 100;

type Counts = Record<string, number>;

/** Who is asked. */
export type Standing = 'own' | 'proven' | 'trial';

/** Counts the questions of one round by where they lead, and says when it is enough. */
export class RoundLimits {
  readonly #asked: Counts = Object.create(null);
  readonly #tried: Counts = Object.create(null);
  #trials = 0;

  /**
   * Takes a question to these addresses, or says which bound it would break.
   * What the operator names is bounded by address alone.
   */
  take(addresses: readonly string[], standing: Standing): string | null {
    const networks = addresses.flatMap(address => networksOf(address) ?? []);
    const narrow = unique(networks.map(network => network.narrow));
    const wide = unique(networks.map(network => network.wide));
    const isTrial = standing === 'trial';
    if (isOver(this.#asked, addresses, MAX_PER_ADDRESS)) {
      return 'too_many_of_host';
    }
    if (
      standing !== 'own' &&
      (isOver(this.#asked, narrow, MAX_PER_NETWORK) ||
        isOver(this.#asked, wide, MAX_PER_WIDE_NETWORK))
    ) {
      return 'too_many_of_network';
    }
    if (isTrial) {
      if (this.#trials >= MAX_TRIALS) return 'too_many_unproven';
      if (
        isOver(this.#tried, narrow, MAX_TRIALS_PER_NETWORK) ||
        isOver(this.#tried, wide, MAX_TRIALS_PER_WIDE_NETWORK)
      ) {
        return 'too_many_of_network';
      }
      this.#trials += 1;
    }
    for (const name of addresses) count(this.#asked, name);
    if (standing === 'own') return null;
    for (const name of [...narrow, ...wide]) {
      count(this.#asked, name);
      if (isTrial) count(this.#tried, name);
    }
    return null;
  }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

function isOver(
  counts: Counts,
  names: readonly string[],
  most: number,
): boolean {
  return names.some(name => (counts[name] ?? 0) >= most);
}
