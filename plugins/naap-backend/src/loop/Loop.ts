import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { Run, StepId } from '@naap/plugin-naap-common';
import { isDiskFull } from '@naap/system';
import type { PipelineState } from './PipelineState';

/** An event that just missed a round, and so waits for its end, the rest and the next round, is served within this. */
const BUDGET_MS = 40_000;

/** How long to rest after a round: as long as it took, which leaves half of a core to others, within the budget. */
function restMs(tookMs: number): number {
  return Math.max(0, Math.min(tookMs, BUDGET_MS - 2 * tookMs));
}

/** What the loop needs to know of a run that has ended. */
export type LoopRun = Pick<Run, 'state' | 'changed' | 'error'>;

/** Asks for what is due, one step after the other, in rounds that end with a sync. The scheduler calls it every few seconds. */
export class Loop {
  readonly #run: (step: StepId) => Promise<LoopRun | undefined>;
  readonly #state: Pick<PipelineState, 'nextDue' | 'ended'>;
  readonly #logEnd: () => number;
  readonly #onServed: (nextOffset: number, at: number) => void;
  readonly #logger: LoggerService;
  readonly #now: () => number;
  #inRound = false;
  #waitsForRoom = false;
  #restUntil = 0;

  constructor(options: {
    /** Runs a step to its end, wherever; undefined: not now, one of its runs is on already. */
    run: (step: StepId) => Promise<LoopRun | undefined>;
    state: Pick<PipelineState, 'nextDue' | 'ended'>;
    /** Next offset of the event log. */
    logEnd: () => number;
    /** Told after a sync in another process below which offset everything is served. */
    onServed: (nextOffset: number, at: number) => void;
    logger: LoggerService;
    now?: () => number;
  }) {
    this.#run = options.run;
    this.#state = options.state;
    this.#logEnd = options.logEnd;
    this.#onServed = options.onServed;
    this.#logger = options.logger;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Runs one round, unless one is on or the last one is still resting. Never rejects: the run tells of a failure, the
   * state holds the step back, and the next round goes on.
   */
  async round(): Promise<void> {
    const began = this.#now();
    if (this.#inRound || began < this.#restUntil) return;
    this.#inRound = true;
    try {
      let due = this.#state.nextDue(this.#logEnd(), began);
      while (due && (await this.#runs(due)) && due !== 'sync') {
        due = this.#state.nextDue(this.#logEnd(), this.#now());
      }
      this.#waitsForRoom = false;
    } catch (error) {
      this.#warn(error);
    }
    const ended = this.#now();
    this.#restUntil = ended + restMs(ended - began);
    this.#inRound = false;
  }

  /** Once of a full disk: it may stay so for hours, and `/freshness` tells it all the while. */
  #warn(error: unknown): void {
    const full = isDiskFull(error);
    if (!full || !this.#waitsForRoom) {
      this.#logger.warn('The loop could not run what is due', toError(error));
    }
    this.#waitsForRoom = full;
  }

  /** Whether the step ran and ended well. */
  async #runs(step: StepId): Promise<boolean> {
    const asked = { at: this.#now(), logEnd: this.#logEnd() };
    const run = await this.#run(step);
    if (!run) return false;
    const now = this.#now();
    const served = this.#state.ended(step, run, asked, now);
    if (served !== undefined) this.#onServed(served, now);
    return run.state === 'succeeded';
  }
}
