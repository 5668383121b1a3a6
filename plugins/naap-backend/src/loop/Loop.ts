import type { StepId } from '@naap/plugin-naap-common';
import type { PipelineState } from './PipelineState';
import type { StepRunner } from './StepRunner';

/** Runs what is due until nothing is, one step after the other. Called every few seconds by the scheduler. */
export class Loop {
  constructor(
    private readonly runner: Pick<StepRunner, 'run'>,
    private readonly state: Pick<PipelineState, 'nextDue'>,
    private readonly logEnd: () => number,
  ) {}

  /** Never rejects: the runner records and logs a failure, the state holds the step back, the next round goes on. */
  async drain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const due: StepId | undefined = this.state.nextDue(
        this.logEnd(),
        Date.now(),
      );
      if (!due) return;
      try {
        await this.runner.run(due);
      } catch {
        return;
      }
    }
  }
}
