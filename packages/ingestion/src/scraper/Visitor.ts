import type { ScrapeErrorClass } from '@naap/events';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { runnersLeftOut } from './answers/discovery';
import { noFindings } from './answers/Findings';
import type { Backoff } from './Backoff';
import { isSameAddress } from './guard/addressRange';
import type { Refusal } from './guard/gate';
import type { GatePolicy } from './guard/GatePolicy';
import { networksOf } from './guard/networks';
import type { Resolve, ResolveTexts } from './guard/resolve';
import type { HostQueues } from './HostQueues';
import { planRound, Probe } from './plan';
import { errorClassOf } from './probe/errorClass';
import type { ProbeLimits } from './probe/limits';
import { Found, lookUp } from './probe/lookUp';
import { askOptOut } from './probe/optOut';
import { noResult, ProbeResult, probeTarget } from './probe/probeTarget';
import type { SessionOptions } from './probe/session';
import { ProbeError } from './ProbeError';
import { MAX_NETWORK_WAIT_MS, Reputation } from './Reputation';
import { MAX_TRIALS, RoundLimits, Standing } from './RoundLimits';
import { momentOf } from './schedule';
import type { Round } from './Scraper';
import { count, ScrapeMetrics } from './ScrapeMetrics';
import type { Target } from './Target';

/** What lasts longer than a round. */
export interface VisitorTools {
  policy: GatePolicy;
  limits: ProbeLimits;
  resolve: Resolve;
  texts: ResolveTexts;
  queues: HostQueues;
  reputation: Reputation;
  backoff: Backoff;
  userAgent: string;
  metrics: ScrapeMetrics;
}

/** What became of a target in a round. */
export interface Outcome {
  attempted: boolean;
  /** Unix ms. */
  at: number;
  result: ProbeResult;
}

export interface Visited extends Outcome {
  target: Target;
}

/** A probe that may be asked, as whom. */
interface Candidate {
  probe: Probe;
  standing: Standing;
}

/** And where. */
interface Located extends Candidate {
  found: Found;
}

const OPT_OUT: Refusal = { refused: 'refused_url', reason: 'opt_out' };
/** Nobody knows whether it is there: it counts neither for nor against it. */
const NOT_DUE: Refusal = { refused: 'refused_url', reason: 'unproven' };
const NO_TRIAL_LEFT: Refusal = {
  refused: 'refused_url',
  reason: 'too_many_unproven',
};

const isOutcome = (value: object): value is Outcome => 'result' in value;

function unanswered(attempted: boolean, result: ProbeResult): Outcome {
  return { attempted, at: Date.now(), result };
}

function refuse({ refused, reason }: Refusal): Outcome {
  return unanswered(false, noResult(refused, reason));
}

/**
 * Visits the targets of one round. Who is asked is decided in the order of the
 * plan, once it is known where all names lead; then each is asked at its moment.
 */
export class Visitor {
  /** Of the probes of the round. */
  readonly keys = new Set<string>();
  readonly #limits = new RoundLimits();
  readonly #lookUps = new Map<string, Promise<Found>>();
  #done = 0;
  #all = 0;

  constructor(
    private readonly tools: VisitorTools,
    private readonly round: Round,
  ) {}

  /**
   * In the order of `targets`, without those that have no room.
   *
   * @throws the signal's reason when the round is abandoned
   */
  async visit(
    targets: readonly Target[],
    spreadMs: number,
  ): Promise<Visited[]> {
    const { policy, reputation, metrics } = this.tools;
    const { signal, start } = this.round;
    const began = Date.now();
    const plan = planRound(targets, policy, reputation, start);
    metrics.targets.left_out += plan.leftOut;
    this.#all += targets.length - plan.leftOut;

    const outcomes = new Map<Target, Outcome>();
    const settle = (target: Target, outcome: Outcome) => {
      outcomes.set(target, outcome);
      tally(metrics, outcome);
      this.round.onProgress?.(++this.#done, this.#all);
    };
    const settleProbe = ({ targets: whole, paths }: Probe, said: Outcome) => {
      whole.forEach(target => settle(target, said));
      const result = { ...said.result, ...noFindings() };
      paths.forEach(target => settle(target, { ...said, result }));
    };
    plan.refused.forEach((refusal, target) => settle(target, refuse(refusal)));

    const candidates: Candidate[] = [];
    let trials = 0;
    for (const probe of plan.probes) {
      this.keys.add(probe.key);
      const standing = this.#standingOf(probe);
      let outcome = this.#hold(probe, standing);
      if (!outcome && standing === 'trial' && ++trials > MAX_TRIALS) {
        outcome = refuse(NO_TRIAL_LEFT);
      }
      if (outcome) settleProbe(probe, outcome);
      else candidates.push({ probe, standing });
    }
    const located = await Promise.all(
      candidates.map(candidate => this.#locate(candidate)),
    );
    const admitted: Located[] = [];
    for (const [i, { probe }] of candidates.entries()) {
      const at = located[i];
      const outcome = isOutcome(at) ? at : this.#admit(at);
      if (!isOutcome(outcome)) admitted.push(outcome);
      else settleProbe(probe, outcome);
    }
    await Promise.all(
      admitted.map(async at => {
        const moment = momentOf(at.probe.key, spreadMs);
        const delay = moment - (Date.now() - began);
        if (delay > 0) await sleep(delay, undefined, { signal });
        settleProbe(
          at.probe,
          await this.tools.queues.run(at.found.addresses[0], () =>
            this.#ask(at),
          ),
        );
      }),
    );
    return targets.flatMap(target => {
      const outcome = outcomes.get(target);
      return outcome ? [{ target, ...outcome }] : [];
    });
  }

  #standingOf({ isOwn, origin }: Probe): Standing {
    if (isOwn) return 'own';
    const since = this.tools.reputation.provenSince(origin, this.round.start);
    return since === null ? 'trial' : 'proven';
  }

  /** Why it is left alone in this round; undefined: it is not. */
  #hold({ key, origin }: Probe, standing: Standing): Outcome | undefined {
    const { reputation, backoff } = this.tools;
    const { start } = this.round;
    if (
      reputation.isOptedOut(origin) &&
      !reputation.mayHaveChanged(origin, start)
    ) {
      return refuse(OPT_OUT);
    }
    if (standing === 'trial') {
      return reputation.isDue(origin, start) ? undefined : refuse(NOT_DUE);
    }
    const dead = backoff.skip(key);
    return dead && unanswered(false, noResult(dead.errorClass));
  }

  /** Each name is looked up once a round, as many at a time as are asked. */
  async #locate(candidate: Candidate): Promise<Located | Outcome> {
    const { host } = candidate.probe.to;
    let looking = this.#lookUps.get(host);
    if (!looking) {
      looking = this.#lookUp(host);
      this.#lookUps.set(host, looking);
    }
    try {
      return { ...candidate, found: await looking };
    } catch (error) {
      this.round.signal.throwIfAborted();
      const errorClass = errorClassOf(error);
      const refusal = error instanceof ProbeError ? error.refusal : null;
      this.#fail(candidate, [], errorClass);
      return unanswered(refusal === null, noResult(errorClass, refusal));
    }
  }

  #lookUp(host: string): Promise<Found> {
    const { policy, resolve, limits, queues } = this.tools;
    const { signal } = this.round;
    const options = { policy, resolve, dnsMs: limits.dnsMs, signal };
    return isIP(host)
      ? lookUp(host, options)
      : queues.run(host, () => lookUp(host, options));
  }

  /** Lets it in, or says what keeps it out, now that it is known where it leads. */
  #admit({ probe, standing: before, found }: Located): Located | Outcome {
    const { reputation } = this.tools;
    const { origin } = probe;
    let { addresses } = found;
    let standing = before;
    if (standing === 'proven') {
      // A name that moved proves itself anew: it may lead to somebody else now.
      const known = reputation.provenAddresses(origin, addresses);
      if (known.length > 0) addresses = known;
      else standing = 'trial';
    }
    if (standing === 'trial') {
      const { start } = this.round;
      if (!reputation.isDue(origin, start)) return refuse(NOT_DUE);
      const networks = networkNames(addresses);
      if (!networks.every(name => reputation.isDue(name, start))) {
        reputation.defer(origin, networks, start);
        return refuse(NOT_DUE);
      }
    }
    const reason = this.#limits.take(addresses, standing);
    return reason === null
      ? { probe, standing, found: { ...found, addresses } }
      : refuse({ refused: 'refused_address', reason });
  }

  async #ask(located: Located): Promise<Outcome> {
    const { probe, found } = located;
    const { limits, userAgent, metrics } = this.tools;
    const options = { limits, userAgent, signal: this.round.signal };
    if (await this.#isOptedOut(located, options)) return refuse(OPT_OUT);
    const at = Date.now();
    const { result, isOrchestrator } = await probeTarget(
      probe.kind,
      probe.to,
      found,
      options,
    );
    for (const { bytes } of result.answers) metrics.bytes += bytes;
    this.#learn(located, result, isOrchestrator);
    return { attempted: true, at, result };
  }

  /** Whoever doesn't answer that has said nothing, unless he said it before. */
  async #isOptedOut(
    { probe: { origin, to }, found }: Located,
    options: SessionOptions,
  ): Promise<boolean> {
    const { reputation, texts } = this.tools;
    const { start } = this.round;
    if (reputation.mayHaveChanged(origin, start)) {
      const said = await askOptOut(to, found.addresses, texts, options);
      const optedOut = said ?? reputation.isOptedOut(origin);
      if (said !== null || optedOut) {
        reputation.setOptedOut(origin, optedOut, start);
      }
    }
    return reputation.isOptedOut(origin);
  }

  #learn(located: Located, result: ProbeResult, isOrchestrator: boolean) {
    const { probe, standing, found } = located;
    const { backoff, reputation } = this.tools;
    const { address, reachable, error_class: errorClass } = result;
    if (standing !== 'own' && isOrchestrator && address !== null) {
      const proven = found.addresses.find(one => isSameAddress(one, address));
      reputation.prove(probe.origin, proven ?? address, this.round.start);
    } else if (standing === 'trial' || !reachable) {
      this.#fail(located, found.addresses, errorClass);
      return;
    }
    backoff.answered(probe.key);
  }

  #fail(
    { probe: { key, origin }, standing }: Candidate,
    addresses: readonly string[],
    errorClass: ScrapeErrorClass | null,
  ): void {
    const { backoff, reputation } = this.tools;
    const { start } = this.round;
    if (standing !== 'trial') {
      backoff.failed(key, errorClass);
      return;
    }
    reputation.disappoint(origin, start);
    for (const name of networkNames(addresses)) {
      reputation.disappoint(name, start, MAX_NETWORK_WAIT_MS);
    }
  }
}

function networkNames(addresses: readonly string[]): string[] {
  return addresses.flatMap(address => Object.values(networksOf(address) ?? {}));
}

/** Counts what became of a target. */
function tally(metrics: ScrapeMetrics, { attempted, result }: Outcome): void {
  const { targets, refusals, errors } = metrics;
  metrics.runnersLeftOut += runnersLeftOut(result);
  const { reachable, refusal, error_class: errorClass } = result;
  if (refusal !== null) {
    targets.refused += 1;
    count(refusals, refusal);
  } else if (!attempted) {
    targets.backed_off += 1;
  } else if (reachable) {
    targets.reachable += 1;
  } else {
    targets.unreachable += 1;
  }
  if (attempted && errorClass) count(errors, errorClass);
}
