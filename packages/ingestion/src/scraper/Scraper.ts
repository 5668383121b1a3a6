import { Backoff } from './Backoff';
import { messagesOf, ScrapeMessage } from './event';
import { GatePolicy, gatePolicy } from './guard/GatePolicy';
import { dnsResolve, dnsTexts, Resolve, ResolveTexts } from './guard/resolve';
import { HostQueues } from './HostQueues';
import { shortlist } from './plan';
import { DEFAULT_LIMITS, ProbeLimits } from './probe/limits';
import type { ProbeResult } from './probe/probeTarget';
import { Reputation } from './Reputation';
import { noMetrics } from './ScrapeMetrics';
import type { Target } from './Target';
import { mergeTargets, targetKey, targetsOfCapabilities } from './targets';
import { userAgentOf } from './userAgent';
import { Visitor, VisitorTools } from './Visitor';

export interface ScraperOptions {
  /** Default: public addresses only, the ports of the network. */
  policy?: GatePolicy;
  limits?: Partial<ProbeLimits>;
  /** Targets at a time. */
  concurrency?: number;
  /** How names become addresses; default: DNS. */
  resolve?: Resolve;
  /** How names become texts; default: DNS, or none where names are not from DNS. */
  texts?: ResolveTexts;
  /** What is known of strangers; default: nothing, and kept in memory. */
  reputation?: Reputation;
  /** How to reach the operator; default: it is not said. */
  contact?: string | null;
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

const noTexts: ResolveTexts = async () => [];

/** `-liveAICapReportInterval` of go-livepeer. */
const REPORT_EVERY_MS = 25 * 60_000;

/** Asks targets, round by round. Remembers the dead between rounds, and strangers over restarts. */
export class Scraper {
  readonly metrics = noMetrics();
  readonly #tools: VisitorTools;
  /** Start of the round with the last report of each node that was published. */
  readonly #reportedAt = new Map<string, number>();

  constructor(options: ScraperOptions = {}) {
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const { resolve, texts } = options;
    this.#tools = {
      policy: options.policy ?? gatePolicy(),
      limits,
      resolve: resolve ?? dnsResolve(limits.dnsMs),
      texts: texts ?? (resolve ? noTexts : dnsTexts(limits.dnsMs)),
      queues: new HostQueues(options.concurrency ?? CONCURRENCY),
      reputation: options.reputation ?? new Reputation(null),
      backoff: new Backoff(),
      userAgent: userAgentOf(options.contact ?? null),
      metrics: this.metrics,
    };
  }

  /**
   * One round: an `orchestrator_scrape` of every target that has room in it, each
   * URL once, and what gateways reported. Gateways and nodes come first and at
   * once, so that their orchestrators take part.
   *
   * @throws the signal's reason when the round is abandoned; errors of the file
   *   system when what is known of strangers can't be kept
   */
  async round(round: Round): Promise<ScrapeMessage[]> {
    const { start, signal } = round;
    signal.throwIfAborted();
    const { reputation, backoff } = this.#tools;
    await reputation.read();
    const considered = (targets: readonly Target[]) => {
      const list = shortlist(targets, reputation, start);
      this.metrics.targets.left_out += targets.length - list.length;
      return list;
    };
    const given = mergeTargets(considered(round.targets));
    const nodes = given.filter(({ kind }) => kind === 'node');
    const visitor = new Visitor(this.#tools, round);
    const asked = await visitor.visit(nodes, 0);
    const reported = asked.flatMap(({ result }) =>
      targetsOfCapabilities(result.capabilities ?? [], 'gateway'),
    );
    const others = mergeTargets(given, considered(reported)).filter(
      ({ kind }) => kind !== 'node',
    );
    const visited = [
      ...asked,
      ...(await visitor.visit(others, round.spreadMs)),
    ];
    signal.throwIfAborted();
    backoff.keep(visitor.keys);
    await reputation.save();
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
}
