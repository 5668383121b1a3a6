import type { LoopState, Run, StepId } from '@naap/plugin-naap-common';
import { backOffMs } from './backOff';

/** From the far end: a steady stream of events, always due for a commit, must keep no other step waiting. */
const PRECEDENCE = ['sync', 'build', 'commit'] as const;

/** Whether the loop runs it by itself, and again when it failed. */
export const isOfLoop = (step: StepId) =>
  PRECEDENCE.some(known => known === step);

/** Who cancels a step doesn't want it again at once. */
const REST_AFTER_CANCEL_MS = 60_000;

interface Running {
  step: StepId;
  logEnd: number;
  whole: boolean;
}

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
  readonly #toldAt = new Map<StepId, number>();
  #running: Running | undefined;

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

  /**
   * A run begins.
   *
   * @param logEnd - the log's next offset at that moment
   * @param whole - false: only a part of what is due, so that the step stays due
   */
  started(step: StepId, logEnd: number, whole: boolean = true): void {
    this.#running = { step, logEnd, whole };
  }

  /** The running step ended well. Answers the offset below which everything is now served, if that moved. */
  succeeded(changed: boolean, now: number): number | undefined {
    return this.#succeeded(this.#end(), changed, now);
  }

  /** The running step failed. Answers when the loop tries again, Unix ms. */
  failed(message: string, now: number, diskFull: boolean = false): number {
    return this.#failed(this.#end().step, message, now, diskFull);
  }

  /** The running step was stopped on purpose: no failure, and still due. */
  cancelled(now: number): void {
    this.#cancelled(this.#end().step, now);
  }

  /**
   * A run that the loop asked for has ended. Of one that ran in another process nobody has told yet; of others this
   * changes nothing. Answers as `succeeded` does.
   *
   * @param asked - when that was, and the log's next offset then
   */
  ended(
    step: StepId,
    run: Pick<Run, 'state' | 'changed' | 'error'>,
    asked: { at: number; logEnd: number },
    now: number,
  ): number | undefined {
    if ((this.#toldAt.get(step) ?? 0) >= asked.at) return undefined;
    switch (run.state) {
      case 'succeeded':
        return this.#succeeded(
          { step, logEnd: asked.logEnd, whole: true },
          run.changed === true,
          now,
        );
      case 'failed':
        this.#failed(step, run.error ?? 'failed', now);
        return undefined;
      case 'cancelled':
        this.#cancelled(step, now);
        return undefined;
      default:
        return undefined;
    }
  }

  #succeeded(
    { step, logEnd, whole }: Running,
    changed: boolean,
    now: number,
  ): number | undefined {
    this.#toldAt.set(step, now);
    const feedsNext = changed || !this.#succeededAt.has(step);
    this.#failures.delete(step);
    this.#restsUntil.delete(step);
    if (!whole) return undefined;
    this.#succeededAt.set(step, now);
    this.#due.delete(step);
    const servedBefore = this.#holds.served;
    switch (step) {
      case 'commit':
        this.#holds.lake = logEnd;
        if (feedsNext) this.#due.add('build');
        break;
      case 'replay':
        // It commits first: there may be something to build whatever it found.
        this.#due.add('build');
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

  #failed(
    step: StepId,
    message: string,
    now: number,
    diskFull: boolean = false,
  ): number {
    this.#toldAt.set(step, now);
    const count = (this.#failures.get(step)?.count ?? 0) + 1;
    const retryAt = now + backOffMs(count, diskFull);
    this.#failures.set(step, { count, message, at: now });
    this.#restsUntil.set(step, retryAt);
    return retryAt;
  }

  #cancelled(step: StepId, now: number): void {
    this.#toldAt.set(step, now);
    this.#restsUntil.set(step, now + REST_AFTER_CANCEL_MS);
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

  #end(): Running {
    const run = this.#running;
    if (!run) throw new Error('No step is running');
    this.#running = undefined;
    return run;
  }
}
