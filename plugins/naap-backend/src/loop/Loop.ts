import type { PipelineState } from './PipelineState';
import type { StepRunner } from './StepRunner';

/** An event that just missed a round, and so waits for its end, the rest and the next round, is served within this. */
const BUDGET_MS = 40_000;

/** How long to rest after a round: as long as it took, which leaves half of a core to others, within the budget. */
function restMs(tookMs: number): number {
  return Math.max(0, Math.min(tookMs, BUDGET_MS - 2 * tookMs));
}

/** Runs what is due, one step after the other, in rounds that end with a sync. The scheduler calls it every few seconds. */
export class Loop {
  readonly #runner: Pick<StepRunner, 'run'>;
  readonly #state: Pick<PipelineState, 'nextDue'>;
  readonly #logEnd: () => number;
  readonly #now: () => number;
  #restUntil = 0;

  constructor(options: {
    runner: Pick<StepRunner, 'run'>;
    state: Pick<PipelineState, 'nextDue'>;
    /** Next offset of the event log. */
    logEnd: () => number;
    now?: () => number;
  }) {
    this.#runner = options.runner;
    this.#state = options.state;
    this.#logEnd = options.logEnd;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Runs one round, unless the last one is still resting. Never rejects: the runner records and logs a failure, the
   * state holds the step back, and the next round goes on.
   */
  async round(signal: AbortSignal): Promise<void> {
    const began = this.#now();
    if (began < this.#restUntil) return;
    try {
      while (!signal.aborted) {
        const due = this.#state.nextDue(this.#logEnd(), this.#now());
        if (!due) break;
        await this.#runner.run(due);
        if (due === 'sync') break;
      }
    } catch {
      // Recorded by the runner.
    }
    const ended = this.#now();
    this.#restUntil = ended + restMs(ended - began);
  }
}
