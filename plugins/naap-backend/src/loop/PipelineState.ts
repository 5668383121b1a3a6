import type { LoopState, StepId } from '@naap/plugin-naap-common';
import { backOffMs } from './backOff';

/** From the far end: a steady stream of events, always due for a commit, must keep no other step waiting. */
const PRECEDENCE = ['sync', 'build', 'commit'] as const;

/** Who cancels a step doesn't want it again at once. */
const REST_AFTER_CANCEL_MS = 60_000;

interface Failure {
  count: number;
  message: string;
  at: number;
}

/** Offsets of the event log below which each stage holds everything; −1: not known since the start. */
interface Holds {
  lake: number;
  gold: number;
  served: number;
}

const iso = (ms: number | undefined) =>
  ms === undefined ? null : new Date(ms).toISOString();

/**
 * What has been done and what is due next. Pure: told of every run and given the time, it decides; it runs nothing.
 * The first run of a step counts as a change whatever it says, because a crash may have come between two steps.
 */
export class PipelineState {
  readonly #due = new Set<StepId>(['commit']);
  readonly #failures = new Map<StepId, Failure>();
  readonly #succeededAt = new Map<StepId, number>();
  readonly #holds: Holds = { lake: -1, gold: -1, served: -1 };
  readonly #restsUntil = new Map<StepId, number>();
  #running: { step: StepId; logEnd: number } | undefined;

  /** @param steps - the steps that exist */
  constructor(private readonly steps: ReadonlySet<StepId>) {}

  /**
   * The step to run next: the furthest one with something to do that is not waiting after a failure or its
   * cancellation. `logEnd`: the log's next offset; `now`: Unix ms, as everywhere here.
   */
  nextDue(logEnd: number, now: number): StepId | undefined {
    const isDue = (step: StepId) =>
      this.#due.has(step) || (step === 'commit' && logEnd > this.#holds.lake);
    return PRECEDENCE.find(
      step =>
        isDue(step) &&
        this.steps.has(step) &&
        (this.#restsUntil.get(step) ?? 0) <= now,
    );
  }

  /** A run begins; `logEnd`: the log's next offset at that moment. */
  started(step: StepId, logEnd: number): void {
    this.#running = { step, logEnd };
  }

  /** The running step ended well. Answers the offset below which everything is now served, if that moved. */
  succeeded(changed: boolean, now: number): number | undefined {
    const { step, logEnd } = this.#end();
    const feedsNext = changed || !this.#succeededAt.has(step);
    this.#failures.delete(step);
    this.#restsUntil.delete(step);
    this.#succeededAt.set(step, now);
    this.#due.delete(step);
    const servedBefore = this.#holds.served;
    switch (step) {
      case 'commit':
        this.#holds.lake = logEnd;
        if (feedsNext) this.#due.add('build');
        break;
      case 'build':
        this.#holds.gold = this.#holds.lake;
        if (feedsNext) this.#due.add('sync');
        break;
      case 'sync':
        this.#holds.served = this.#holds.gold;
        break;
      default:
    }
    return this.#holds.served > servedBefore ? this.#holds.served : undefined;
  }

  /** The running step failed. Answers when the loop tries again, Unix ms. */
  failed(message: string, now: number): number {
    const { step } = this.#end();
    const count = (this.#failures.get(step)?.count ?? 0) + 1;
    const retryAt = now + backOffMs(count);
    this.#failures.set(step, { count, message, at: now });
    this.#restsUntil.set(step, retryAt);
    return retryAt;
  }

  /** The running step was stopped on purpose: no failure, and still due. */
  cancelled(now: number): void {
    this.#restsUntil.set(this.#end().step, now + REST_AFTER_CANCEL_MS);
  }

  snapshot(): LoopState {
    const newest = [...this.#failures].sort(([, a], [, b]) => b.at - a.at)[0];
    return {
      running: this.#running?.step ?? null,
      lastCommitAt: iso(this.#succeededAt.get('commit')),
      lastBuildAt: iso(this.#succeededAt.get('build')),
      lastSyncAt: iso(this.#succeededAt.get('sync')),
      lastError: newest
        ? {
            step: newest[0],
            message: newest[1].message,
            at: new Date(newest[1].at).toISOString(),
          }
        : null,
    };
  }

  #end() {
    const run = this.#running;
    if (!run) throw new Error('No step is running');
    this.#running = undefined;
    return run;
  }
}
