import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { Run, StepId } from '@naap/plugin-naap-common';
import { isDiskFull } from '@naap/system';
import type { PipelineState, Progress } from './PipelineState';

/** An event that just missed a round, and so waits for its end, the rest and the next round, is served within this. */
const BUDGET_MS = 40_000;

/** How long to rest after a round: as long as it took, which leaves half of a core to others, within the budget. */
function restMs(tookMs: number): number {
  return Math.max(0, Math.min(tookMs, BUDGET_MS - 2 * tookMs));
}

/** What the loop needs to know of a run that has ended. */
export type LoopRun = Pick<Run, 'state' | 'error'>;

/** Asks for what is due, one step after the other, in rounds that end with the furthest step. The scheduler calls it every few seconds. */
export class Loop {
  readonly #run: (step: StepId) => Promise<LoopRun | undefined>;
  readonly #state: Pick<PipelineState, 'nextDue' | 'ended'>;
  readonly #look: () => Promise<Progress>;
  readonly #logger: LoggerService;
  readonly #now: () => number;
  #inRound = false;
  #waitsForRoom = false;
  #restUntil = 0;

  constructor(options: {
    /** Runs a step to its end, wherever; undefined: not now, one of its runs is on already. */
    run: (step: StepId) => Promise<LoopRun | undefined>;
    state: Pick<PipelineState, 'nextDue' | 'ended'>;
    look: () => Promise<Progress>;
    logger: LoggerService;
    now?: () => number;
  }) {
    this.#run = options.run;
    this.#state = options.state;
    this.#look = options.look;
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
      while (await this.#goesOn());
      this.#waitsForRoom = false;
    } catch (error) {
      this.#warn(error);
    }
    const ended = this.#now();
    this.#restUntil = ended + restMs(ended - began);
    this.#inRound = false;
  }

  /** Runs what is due, and answers whether there may be more in this round. */
  async #goesOn(): Promise<boolean> {
    const progress = await this.#look();
    const due = this.#state.nextDue(progress, this.#now());
    if (!due) return false;
    const furthest = [...progress.keys()].at(-1);
    return (await this.#runs(due, progress)) && due !== furthest;
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
  async #runs(step: StepId, progress: Progress): Promise<boolean> {
    const asked = { at: this.#now(), source: progress.get(step)!.source };
    const run = await this.#run(step);
    if (!run) return false;
    this.#state.ended(step, run, asked, this.#now());
    return run.state === 'succeeded';
  }
}
