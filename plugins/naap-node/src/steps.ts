import type { LoggerService } from '@backstage/backend-plugin-api';
import type { StepId } from '@naap/plugin-naap-common';

/** What a caller may ask of one run. */
export interface StepOptions {
  /** `build`: rebuild everything instead of what changed. */
  full?: boolean;
}

/** What a step gets for one run. */
export interface StepContext {
  /** Aborted when the portal stops and the run took longer than the grace. */
  signal: AbortSignal;
  logger: LoggerService;
  options: StepOptions;
}

/** What one run did. */
export interface StepResult {
  /** Whether the step after this one has something to do now. */
  changed: boolean;
  /** What the step reports of itself: rows, build id, seconds. JSON. */
  details: Record<string, unknown>;
  /** `commit` only: the lake holds every row of the event log below this offset. */
  lakeOffset?: number;
}

/**
 * One step of the pipeline. Two steps never run at the same time. When a run ends well, all that was in the stage before
 * it when the run began is in the stage after it: `commit` event log → lake, `build` lake → gold, `sync` gold → served.
 * It must stand being killed at any point and run again: nothing lost, nothing doubled.
 */
export interface PipelineStep {
  id: StepId;
  title: string;
  /** Runs to the end, or throws an error whose message says what to do. */
  run(context: StepContext): Promise<StepResult>;
}
