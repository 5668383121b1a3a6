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
import { mergeTargets, targetKey, targetsOfCapabilities } from './targets';

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
  /** What gateways among them report joins the round. */
  targets: readonly Target[];
  /** Over how much of the interval the targets are spread, each at its own moment; 0: all at once. */
  spreadMs: number;
  /** Abandons the round: nothing of it is given. */
  signal: AbortSignal;
  /** Told after each target. */
  onProgress?: (done: number, of: number) => void;
}

const CONCURRENCY = 100;

/** Strangers announce URLs: more than this at one host, by name or by address, could be meant to harm it. */
const MAX_TARGETS_PER_HOST = 20;
const TOO_MANY = 'too_many_of_host';

/** `-liveAICapReportInterval` of go-livepeer. */
const REPORT_EVERY_MS = 25 * 60_000;

/** What became of a target in a round. */
interface Outcome {
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
  /** Start of the round with the last report of each node that was published. */
  readonly #reportedAt = new Map<string, number>();

  constructor(options: ScraperOptions = {}) {
    this.#policy = options.policy ?? gatePolicy();
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#resolve = options.resolve ?? dnsResolve(this.#limits.dnsMs);
    this.#queues = new HostQueues(options.concurrency ?? CONCURRENCY);
  }

  /**
   * One round: an `orchestrator_scrape` of every target, each URL once, and what
   * gateways reported. Gateways and nodes come first and at once, so that their
   * orchestrators take part.
   *
   * @throws the signal's reason when the round is abandoned
   */
  async round(round: Round): Promise<ScrapeMessage[]> {
    const { start, signal } = round;
    signal.throwIfAborted();
    const given = mergeTargets(round.targets);
    const nodes = given.filter(({ kind }) => kind === 'node');
    const visit = this.#visitor(round);
    const asked = await visit(nodes, 0);
    const reported = asked.map(({ result }) =>
      targetsOfCapabilities(result.capabilities ?? [], 'gateway'),
    );
    const others = mergeTargets(given, ...reported).filter(
      ({ kind }) => kind !== 'node',
    );
    const visited = [...asked, ...(await visit(others, round.spreadMs))];
    signal.throwIfAborted();
    this.#backoff.keep(
      new Set(visited.map(({ target }) => targetKey(target.url))),
    );
    this.metrics.rounds += 1;
    return visited.flatMap(({ result, ...when }) =>
      messagesOf(
        { round: start, roundTargets: visited.length, ...when },
        this.#withDueReport(when.target, start, result),
      ),
    );
  }

  /** Reports are large and change little: they are published as often as gateways send them. */
  #withDueReport(
    { url }: Target,
    start: number,
    result: ProbeResult,
  ): ProbeResult {
    if (!result.capabilities) return result;
    const key = targetKey(url);
    const last = this.#reportedAt.get(key) ?? -Infinity;
    if (Math.abs(start - last) < REPORT_EVERY_MS) {
      return { ...result, capabilities: null };
    }
    this.#reportedAt.set(key, start);
    return result;
  }

  /** Visits targets within one round, each at its moment. */
  #visitor({ signal, onProgress }: Round) {
    const perHost: Record<string, number> = Object.create(null);
    const resolve = this.#limitedResolve();
    let done = 0;
    let all = 0;

    const outcomeOf = async (
      target: Target,
      spreadMs: number,
    ): Promise<Outcome> => {
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
    };
    return (targets: readonly Target[], spreadMs: number) => {
      all += targets.length;
      return Promise.all(
        targets.map(async target => {
          const outcome = await outcomeOf(target, spreadMs);
          onProgress?.(++done, all);
          return { target, ...outcome };
        }),
      );
    };
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

  #refuse({ refused, reason }: Refusal): Outcome {
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
  ): Promise<Outcome> {
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
