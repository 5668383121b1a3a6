import type { LoopState, Run, StepId } from '@naap/plugin-naap-common';
import type { StepProgress } from '@naap/plugin-naap-node';
import { backOffMs } from './backOff';

/** Who cancels a step doesn't want it again at once. */
const REST_AFTER_CANCEL_MS = 60_000;

interface Failure {
  count: number;
  message: string;
  at: number;
}

/** How far the steps are that the loop runs, in the order in which data passes them. */
export type Progress = ReadonlyMap<StepId, StepProgress>;

const iso = (ms: number | undefined) =>
  ms === undefined ? null : new Date(ms).toISOString();

/**
 * What is due next. Pure: told how far each stage is and of every run, and given the time, it decides; it runs nothing.
 *
 * A step is due while what it reads and what it has taken of it differ, unless a run of it ended well here that began at the
 * very same source: it found nothing to do there. Once after a start each is due whatever they say, because the process may
 * be of another version than the one that made what is there.
 */
export class PipelineState {
  readonly #failures = new Map<StepId, Failure>();
  readonly #succeededAt = new Map<StepId, number>();
  /** The source at which the last run that did all that was due began. */
  readonly #settled = new Map<StepId, string | null>();
  readonly #restsUntil = new Map<StepId, number>();
  readonly #toldAt = new Map<StepId, number>();
  readonly #running = new Set<StepId>();

  /**
   * The step to run next: the furthest one with something to do that is not waiting after a failure or its cancellation. From
   * the far end, because a steady stream of events, always due for a commit, must keep no other step waiting.
   *
   * @param now - Unix ms, as everywhere here
   */
  nextDue(progress: Progress, now: number): StepId | undefined {
    const isFirst = (at: number, steps: StepId[]) =>
      steps.slice(0, at).every(step => this.#settled.has(step));
    const steps = [...progress.keys()];
    return steps.findLast((step, at) => {
      const { source, taken } = progress.get(step)!;
      const isDue = this.#settled.has(step)
        ? source !== taken && source !== this.#settled.get(step)
        : isFirst(at, steps) || source !== taken;
      return isDue && (this.#restsUntil.get(step) ?? 0) <= now;
    });
  }

  /** A run begins. */
  started(step: StepId): void {
    this.#running.add(step);
  }

  /**
   * A run ended well.
   *
   * @param source - what it read then; undefined: it did only a part of what was due, so that the step stays due
   */
  succeeded(
    step: StepId,
    source: string | null | undefined,
    now: number,
  ): void {
    this.#end(step, now);
    this.#failures.delete(step);
    this.#restsUntil.delete(step);
    if (source === undefined) return;
    this.#succeededAt.set(step, now);
    this.#settled.set(step, source);
  }

  /** A run failed. Answers when the loop tries again, Unix ms. */
  failed(
    step: StepId,
    message: string,
    now: number,
    diskFull: boolean = false,
  ): number {
    this.#end(step, now);
    const count = (this.#failures.get(step)?.count ?? 0) + 1;
    const retryAt = now + backOffMs(count, diskFull);
    this.#failures.set(step, { count, message, at: now });
    this.#restsUntil.set(step, retryAt);
    return retryAt;
  }

  /** A run was stopped on purpose: no failure, and still due. */
  cancelled(step: StepId, now: number): void {
    this.#end(step, now);
    this.#restsUntil.set(step, now + REST_AFTER_CANCEL_MS);
  }

  /**
   * A run that the loop asked for has ended. Of one that ran in another process nobody has told yet; of others this
   * changes nothing.
   *
   * @param asked - when that was, and what the step read then
   */
  ended(
    step: StepId,
    run: Pick<Run, 'state' | 'error'>,
    asked: { at: number; source: string | null },
    now: number,
  ): void {
    if ((this.#toldAt.get(step) ?? 0) >= asked.at) return;
    switch (run.state) {
      case 'succeeded':
        this.succeeded(step, asked.source, now);
        break;
      case 'failed':
        this.failed(step, run.error ?? 'failed', now);
        break;
      case 'cancelled':
        this.cancelled(step, now);
        break;
      default:
    }
  }

  snapshot(): LoopState {
    const newest = [...this.#failures].sort(([, a], [, b]) => b.at - a.at)[0];
    return {
      running: [...this.#running][0] ?? null,
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

  #end(step: StepId, now: number): void {
    this.#running.delete(step);
    this.#toldAt.set(step, now);
  }
}
