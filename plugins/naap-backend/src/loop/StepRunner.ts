import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type {
  PipelineStep,
  StepContext,
  StepResult,
} from '@naap/plugin-naap-node';
import { DiskFullError, isDiskFull } from '@naap/system';
import { isOfLoop, PipelineState } from './PipelineState';

/** Runs a step in this process and keeps the state of the pipeline with what became of it. One at a time. */
export class StepRunner {
  readonly #state: PipelineState;
  readonly #logEnd: () => number;
  readonly #onCommitted: (lakeOffset: number) => void;
  readonly #onServed: (nextOffset: number, at: number) => void;

  constructor(options: {
    state: PipelineState;
    /** Next offset of the event log. */
    logEnd: () => number;
    /** Told after a commit below which offset everything is in the lake. */
    onCommitted: (lakeOffset: number) => void;
    /** Told after a sync below which offset everything is served. */
    onServed: (nextOffset: number, at: number) => void;
  }) {
    this.#state = options.state;
    this.#logEnd = options.logEnd;
    this.#onCommitted = options.onCommitted;
    this.#onServed = options.onServed;
  }

  /** For steps that run beside the pipeline: what they do changes nothing of its state. */
  static independent(logEnd: () => number): StepRunner {
    return new StepRunner({
      state: new PipelineState(new Set()),
      logEnd,
      onCommitted: () => {},
      onServed: () => {},
    });
  }

  /** Runs the step and answers what it did; rejects with the step's error, or the reason of the signal. */
  async run(step: PipelineStep, context: StepContext): Promise<StepResult> {
    const { signal, logger, options } = context;
    const startedAt = Date.now();
    const logEnd = this.#logEnd();
    this.#state.started(step.id, logEnd, options.days === undefined);
    try {
      const result = await step.run(context);
      this.#committed(result.lakeOffset, logEnd);
      const finishedAt = Date.now();
      const served = this.#state.succeeded(result.changed, finishedAt);
      if (served !== undefined) this.#onServed(served, finishedAt);
      logDone(logger, step, result, finishedAt - startedAt);
      return result;
    } catch (thrown) {
      if (signal.aborted) {
        this.#state.cancelled(Date.now());
        logger.warn(`${step.title} was stopped: ${signal.reason.message}`);
        throw signal.reason;
      }
      const error = inWords(thrown);
      const message = stringifyError(error);
      const retryAt = new Date(
        this.#state.failed(message, Date.now(), isDiskFull(error)),
      );
      logger.error(
        isOfLoop(step.id)
          ? `${
              step.title
            } failed, next try at ${retryAt.toISOString()}: ${message}`
          : `${step.title} failed: ${message}`,
      );
      throw error;
    }
  }

  #committed(lakeOffset: number | undefined, logEnd: number): void {
    if (lakeOffset === undefined) return;
    if (lakeOffset < logEnd) {
      throw new Error(
        `The lake holds the event log up to ${lakeOffset}, not ${logEnd}`,
      );
    }
    this.#onCommitted(lakeOffset);
  }
}

/** Engines tell of a full disk in many ways, and often last. */
function inWords(error: unknown): unknown {
  return isDiskFull(error) && !(error instanceof DiskFullError)
    ? new DiskFullError(
        `The disk is full: free some space, and it goes on by itself (${stringifyError(
          error,
        )})`,
        { cause: error },
      )
    : error;
}

function logDone(
  logger: LoggerService,
  { id, title }: PipelineStep,
  { changed, details }: StepResult,
  ms: number,
): void {
  const isIdle = isOfLoop(id) && !changed;
  logger[isIdle ? 'debug' : 'info'](
    `${title}: ${ms} ms, ${isIdle ? 'nothing to do' : JSON.stringify(details)}`,
  );
}
