import { checkUrl, Destination, originOf, Refusal } from './guard/gate';
import type { GatePolicy } from './guard/GatePolicy';
import { inTurns } from './inTurns';
import type { Reputation } from './Reputation';
import { MAX_CONSIDERED, MAX_OF_CLAIMANT, MAX_REPORTED } from './RoundLimits';
import { shareOf } from './schedule';
import { isReported, Target } from './Target';

/** One question on the wire, and the targets that its answer is for. */
export interface Probe {
  /** Kind and base URL. */
  key: string;
  /** Scheme, host and port. */
  origin: string;
  kind: Target['kind'];
  to: Destination;
  /** Whether the operator named it. */
  isOwn: boolean;
  /** URLs that mean just what is asked. */
  targets: Target[];
  /**
   * URLs that strangers named with a path, which is not asked: they are there
   * as their origin is. What it offers is said once, for those without.
   */
  paths: Target[];
}

/** What a round does with its targets. */
export interface Plan {
  /** In the order in which they are let in. */
  probes: Probe[];
  refused: Map<Target, Refusal>;
  /** Targets that have no room in the round. */
  leftOut: number;
}

interface Candidate {
  target: Target;
  to: Destination | Refusal;
}

const NOBODY = [''];

const isRefused = (to: Candidate['to']): to is Refusal => 'refused' in to;

/**
 * What a round looks at: all that the operator names, all known orchestrators,
 * and of other URLs that strangers name as many as can be, another part of them
 * each time. It reads no URL: there may be many.
 */
export function shortlist(
  targets: readonly Target[],
  reputation: Pick<Reputation, 'provenSince'>,
  now: number,
): Target[] {
  const chosen = new Set<Target>();
  const others: Target[] = [];
  const ofClaimant = new Map<string, number>();
  for (const target of targets) {
    if (!isReported(target) || isKnown(target.url, reputation, now)) {
      chosen.add(target);
      continue;
    }
    const [claimant = ''] = target.claimants ?? [];
    const claims = (ofClaimant.get(claimant) ?? 0) + 1;
    ofClaimant.set(claimant, claims);
    if (claims <= MAX_OF_CLAIMANT) others.push(target);
  }
  const first = Math.floor(shareOf(String(now)) * others.length);
  [...others.slice(first), ...others.slice(0, first)]
    .slice(0, MAX_CONSIDERED)
    .forEach(target => chosen.add(target));
  return targets.filter(target => chosen.has(target));
}

/** Gold writes URLs as origins are written here, but for the port where it is the default. */
function isKnown(
  url: string,
  reputation: Pick<Reputation, 'provenSince'>,
  now: number,
): boolean {
  return [url, `${url}:443`, `${url}:80`].some(
    origin => reputation.provenSince(origin, now) !== null,
  );
}

/**
 * Plans a round: the operator's targets first, all of them; then those that
 * strangers named, as many as have room: known orchestrators, the longest known
 * first, then those that are due, then the rest, in turns of who named them.
 */
export function planRound(
  targets: readonly Target[],
  policy: GatePolicy,
  reputation: Pick<Reputation, 'provenSince' | 'isDue'>,
  now: number,
): Plan {
  const own: Candidate[] = [];
  const known: Array<Candidate & { since: number }> = [];
  const due: Candidate[] = [];
  const rest: Candidate[] = [];
  for (const target of targets) {
    const candidate = { target, to: checkUrl(target.url, policy) };
    if (!isReported(target)) own.push(candidate);
    else if (isRefused(candidate.to)) rest.push(candidate);
    else {
      const origin = originOf(candidate.to);
      const since = reputation.provenSince(origin, now);
      if (since === null) {
        (reputation.isDue(origin, now) ? due : rest).push(candidate);
      } else if (candidate.to.path === '') {
        known.push({ ...candidate, since });
      } else {
        rest.push(candidate);
      }
    }
  }
  known.sort((one, other) => one.since - other.since);
  const share = shareOf(String(now));
  const reported = [known, due, rest].flatMap(list =>
    list === known ? list : inTurns(list, claimantsOf, share),
  );
  const chosen = [...own, ...reported.slice(0, MAX_REPORTED)];
  return {
    ...probesOf(chosen),
    leftOut: Math.max(0, reported.length - MAX_REPORTED),
  };
}

function claimantsOf({ target: { claimants } }: Candidate): readonly string[] {
  return claimants?.length ? claimants : NOBODY;
}

function probesOf(
  candidates: readonly Candidate[],
): Pick<Plan, 'probes' | 'refused'> {
  const probes = new Map<string, Probe>();
  const refused = new Map<Target, Refusal>();
  for (const { target, to } of candidates) {
    if (isRefused(to)) {
      refused.set(target, to);
      continue;
    }
    const origin = originOf(to);
    const isOwn = !isReported(target);
    const path = isOwn ? to.path : '';
    const key = `${target.kind} ${origin}${path}`;
    const probe: Probe = probes.get(key) ?? {
      key,
      origin,
      kind: target.kind,
      to: { ...to, path },
      isOwn,
      targets: [],
      paths: [],
    };
    probes.set(key, probe);
    (path === to.path ? probe.targets : probe.paths).push(target);
  }
  return { probes: [...probes.values()], refused };
}
