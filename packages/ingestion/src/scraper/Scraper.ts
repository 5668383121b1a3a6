import { setTimeout as sleep } from 'node:timers/promises';
import { Backoff } from './Backoff';
import { messagesOf, ScrapeMessage } from './event';
import { checkUrl, Destination, Refusal } from './guard/gate';
import { GatePolicy, gatePolicy } from './guard/GatePolicy';
import { dnsResolve, Resolve } from './guard/resolve';
import { HostQueues } from './HostQueues';
import { DEFAULT_LIMITS, ProbeLimits } from './probe/limits';
import { ProbeError } from './ProbeError';
import { noResult, ProbeResult, probeTarget } from './probe/probeTarget';
import { momentOf } from './schedule';
import { count, noMetrics } from './ScrapeMetrics';
import type { Target } from './Target';
import { targetKey } from './targets';

export interface ScraperOptions {
  /** Default: public addresses only, the ports of the network. */
  policy?: GatePolicy;
  limits?: Partial<ProbeLimits>;
  /** Targets at a time. */
  concurrency?: number;
  /** How names become addresses; default: DNS. */
  resolve?: Resolve;
}

export interface Round {
  /** Start of the round, unix ms: names it. */
  start: number;
  /** Each target once: see `mergeTargets`. */
  targets: readonly Target[];
  /** Over how much of the interval the targets are spread, each at its own moment; 0: all at once. */
  spreadMs: number;
  /** Abandons the round: nothing of it is given. */
  signal: AbortSignal;
}

const CONCURRENCY = 100;

/** Strangers announce URLs: more than this at one host, by name or by address, could be meant to harm it. */
const MAX_TARGETS_PER_HOST = 20;
const TOO_MANY = 'too_many_of_host';

interface Visited {
  attempted: boolean;
  at: number;
  result: ProbeResult;
}

/** Asks targets, round by round. Remembers the dead between rounds. */
export class Scraper {
  readonly metrics = noMetrics();
  readonly #policy: GatePolicy;
  readonly #limits: ProbeLimits;
  readonly #resolve: Resolve;
  readonly #queues: HostQueues;
  readonly #backoff = new Backoff();

  constructor(options: ScraperOptions = {}) {
    this.#policy = options.policy ?? gatePolicy();
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#resolve = options.resolve ?? dnsResolve(this.#limits.dnsMs);
    this.#queues = new HostQueues(options.concurrency ?? CONCURRENCY);
  }

  /**
   * One round: an `orchestrator_scrape` of every target, in their order, and
   * what gateways reported.
   *
   * @throws the signal's reason when the round is abandoned
   */
  async round({
    start,
    targets,
    spreadMs,
    signal,
  }: Round): Promise<ScrapeMessage[]> {
    signal.throwIfAborted();
    this.#backoff.keep(new Set(targets.map(({ url }) => targetKey(url))));
    const perHost: Record<string, number> = Object.create(null);
    const resolve = this.#limitedResolve();
    const visits = targets.map(async target => {
      const to = checkUrl(target.url, this.#policy);
      if ('refused' in to) return this.#refuse(to);
      count(perHost, to.host);
      if (perHost[to.host] > MAX_TARGETS_PER_HOST) {
        return this.#refuse({ refused: 'refused_url', reason: TOO_MANY });
      }
      const delay = momentOf(targetKey(target.url), spreadMs);
      if (delay > 0) await sleep(delay, undefined, { signal });
      return this.#queues.run(to.host, () =>
        this.#visit(target, to, resolve, signal),
      );
    });
    const visited = await Promise.all(visits);
    signal.throwIfAborted();
    this.metrics.rounds += 1;
    return visited.flatMap(({ result, ...when }, i) =>
      messagesOf(
        {
          target: targets[i],
          round: start,
          roundTargets: targets.length,
          ...when,
        },
        result,
      ),
    );
  }

  /** Resolves names for one round, as long as no address has too many. */
  #limitedResolve(): Resolve {
    const perAddress: Record<string, number> = Object.create(null);
    return async name => {
      const addresses = await this.#resolve(name);
      for (const address of addresses) {
        count(perAddress, address);
        if (perAddress[address] > MAX_TARGETS_PER_HOST) {
          throw new ProbeError('refused_address', TOO_MANY);
        }
      }
      return addresses;
    };
  }

  #refuse({ refused, reason }: Refusal): Visited {
    this.metrics.targets.refused += 1;
    count(this.metrics.refusals, reason);
    return {
      attempted: false,
      at: Date.now(),
      result: noResult(refused, reason),
    };
  }

  async #visit(
    { kind, url }: Target,
    to: Destination,
    resolve: Resolve,
    signal: AbortSignal,
  ): Promise<Visited> {
    const at = Date.now();
    const key = targetKey(url);
    const dead = this.#backoff.skip(key);
    if (dead) {
      this.metrics.targets.backed_off += 1;
      return { attempted: false, at, result: noResult(dead.errorClass) };
    }
    const result = await probeTarget(
      kind,
      to,
      { policy: this.#policy, limits: this.#limits, resolve },
      signal,
    );
    this.#learn(key, result);
    return { attempted: true, at, result };
  }

  #learn(key: string, result: ProbeResult): void {
    const { targets, refusals, errors } = this.metrics;
    if (result.reachable) this.#backoff.answered(key);
    else this.#backoff.failed(key, result.error_class);
    if (result.error_class === 'refused_address') targets.refused += 1;
    else if (result.reachable) targets.reachable += 1;
    else targets.unreachable += 1;
    if (result.refusal) count(refusals, result.refusal);
    if (result.error_class) count(errors, result.error_class);
    for (const { bytes } of result.answers) this.metrics.bytes += bytes;
  }
}
