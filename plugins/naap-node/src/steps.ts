import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Positions } from '@naap/ingestion';
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
  /** Of what takes events into the lake: that holds all that is below. */
  committed?: Positions;
}

/** How far what a step reads is, and how far what it writes was made of it. Texts that are equal or not, no more. */
export interface StepProgress {
  /** Null: there is nothing yet. */
  source: string | null;
  taken: string | null;
}

/** What steps read and write: where the data is, in the order in which it goes on. */
export const STAGES = ['bus', 'lake', 'gold', 'served'] as const;
export type Stage = (typeof STAGES)[number];

/**
 * What a run needs for itself, over all replicas: while it goes on none begins that writes what it reads or writes, nor one
 * that reads what it writes.
 */
export interface Touches {
  /** What must stay as it is meanwhile. Not what it reads at a snapshot, nor what is only added to, nor where it stands a change. */
  reads: readonly Stage[];
  /** What it changes for those who read it. */
  writes: readonly Stage[];
}

/**
 * One step of the pipeline. It never runs twice at the same time, nor beside a step that touches what it touches, in
 * whichever replica. When a run ends well, all that was in the stage before it when the run began is in the stage after
 * it: `commit` event log → lake, `build` lake → gold, `sync` gold → served. It must stand being killed at any point and
 * run again: nothing lost, nothing doubled.
 */
export interface PipelineStep extends Touches {
  id: StepId;
  title: string;
  /** What it does, in a sentence. */
  description: string;
  /** Entity ref of the component that it belongs to. */
  component?: string;
  /** Arguments that it knows; any other is refused. */
  parameters: StepParameter[];
  /** What a run would touch, without touching it. Throws an InputError for arguments that fit nothing. */
  plan(options: StepArguments): Promise<Pick<StepPlan, 'summary' | 'touches'>>;
  /**
   * The loop runs what has it: whenever source and taken differ. It is read where the data is, so that it is the same after a
   * restart and in every replica.
   *
   * @param bus - how far the bus is
   */
  progress?(bus: Positions): Promise<StepProgress>;
  /** Runs to the end, or throws an error whose message says what to do. */
  run(context: StepContext): Promise<StepResult>;
}
