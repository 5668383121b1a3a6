import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  StepArguments,
  StepId,
  StepParameter,
  StepPlan,
} from '@naap/plugin-naap-common';

/** What a step gets for one run. */
export interface StepContext {
  /** Aborted when the run is cancelled, and when the portal stops and the run took longer than the grace. */
  signal: AbortSignal;
  /** What is logged here is the log of the run, and goes to the portal's log too. */
  logger: LoggerService;
  /** Only what the step's `parameters` name. */
  options: StepArguments;
}

/** What one run did. */
export interface StepResult {
  /** Whether the step after this one has something to do now. */
  changed: boolean;
  /** What the step reports of itself: rows, build id, seconds. JSON. */
  details: Record<string, unknown>;
  /** Rows that it wrote; absent where a step counts none. */
  rows?: number;
  /** `commit` only: the lake holds every row of the event log below this offset. */
  lakeOffset?: number;
}

/**
 * One step of the pipeline. Two steps never run at the same time in one process, unless one is independent; one step
 * never does in two. When a run ends well, all that was in the stage before it when the run began is in the stage after
 * it: `commit` event log → lake, `build` lake → gold, `sync` gold → served. It must stand being killed at any point and
 * run again: nothing lost, nothing doubled.
 */
export interface PipelineStep {
  id: StepId;
  title: string;
  /** What it does, in a sentence. */
  description: string;
  /** Entity ref of the component that it belongs to. */
  component?: string;
  /**
   * Writes nothing that another step reads or writes, and stands that what it reads changes meanwhile: runs beside all
   * others, and the loop never waits for it.
   */
  independent?: boolean;
  /** Arguments that it knows; any other is refused. */
  parameters: StepParameter[];
  /** What a run would touch, without touching it. Throws an InputError for arguments that fit nothing. */
  plan(options: StepArguments): Promise<Pick<StepPlan, 'summary' | 'touches'>>;
  /** Runs to the end, or throws an error whose message says what to do. */
  run(context: StepContext): Promise<StepResult>;
}
