import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { EventBus, Positions } from '@naap/ingestion';
import { isBehind, positionsText } from '@naap/ingestion/bus';
import type {
  PipelineStep,
  StepContext,
  StepResult,
  Touches,
} from '@naap/plugin-naap-node';
import { DiskFullError, isDiskFull } from '@naap/system';
import { PipelineState } from './PipelineState';

/** Whether the loop runs it by itself, and again when it failed. */
const isOfLoop = ({ progress }: PipelineStep) => progress !== undefined;

/** Who only fills the bus stands before the pipeline, and who writes nothing beside it: what they do changes nothing of its state. */
const isOfPipeline = ({ writes }: Touches) =>
  writes.some(stage => stage !== 'bus');

/** Runs a step in this process and keeps the state of the pipeline with what became of it. */
export class StepRunner {
  readonly #state: PipelineState;
  readonly #bus: Pick<EventBus, 'positions'>;
  readonly #onCommitted: (lake: Positions) => void;

  constructor(options: {
    state: PipelineState;
    bus: Pick<EventBus, 'positions'>;
    /** Told after a commit what the lake holds. */
    onCommitted: (lake: Positions) => void;
  }) {
    this.#state = options.state;
    this.#bus = options.bus;
    this.#onCommitted = options.onCommitted;
  }

  /** Runs the step and answers what it did; rejects with the step's error, or the reason of the signal. */
  async run(step: PipelineStep, context: StepContext): Promise<StepResult> {
    const { signal, logger, options } = context;
    const state = isOfPipeline(step) ? this.#state : new PipelineState();
    const startedAt = Date.now();
    state.started(step.id);
    try {
      const bus = await this.#bus.positions();
      const progress = await step.progress?.(bus);
      signal.throwIfAborted();
      const result = await step.run(context);
      this.#committed(result.committed, bus);
      const finishedAt = Date.now();
      state.succeeded(
        step.id,
        options.days === undefined ? progress?.source ?? null : undefined,
        finishedAt,
      );
      logDone(logger, step, result, finishedAt - startedAt);
      return result;
    } catch (thrown) {
      if (signal.aborted) {
        state.cancelled(step.id, Date.now());
        logger.warn(`${step.title} was stopped: ${signal.reason.message}`);
        throw signal.reason;
      }
      const error = inWords(thrown);
      const message = stringifyError(error);
      const retryAt = new Date(
        state.failed(step.id, message, Date.now(), isDiskFull(error)),
      );
      logger.error(
        isOfLoop(step)
          ? `${
              step.title
            } failed, next try at ${retryAt.toISOString()}: ${message}`
          : `${step.title} failed: ${message}`,
      );
      throw error;
    }
  }

  #committed(lake: Positions | undefined, bus: Positions): void {
    if (!lake) return;
    if (isBehind(lake, bus)) {
      throw new Error(
        `The lake holds the events up to ${positionsText(
          lake,
        )}, not ${positionsText(bus)}`,
      );
    }
    this.#onCommitted(lake);
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
  step: PipelineStep,
  { changed, details }: StepResult,
  ms: number,
): void {
  const isIdle = isOfLoop(step) && !changed;
  logger[isIdle ? 'debug' : 'info'](
    `${step.title}: ${ms} ms, ${
      isIdle ? 'nothing to do' : JSON.stringify(details)
    }`,
  );
}
