import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  NotFoundError,
  ServiceUnavailableError,
  stringifyError,
} from '@backstage/errors';
import type { StepAnswer, StepId } from '@naap/plugin-naap-common';
import type { PipelineStep, StepOptions } from '@naap/plugin-naap-node';
import { setTimeout as delay } from 'node:timers/promises';
import type { PipelineState } from './PipelineState';

/** How long a step may ignore its abort signal before the portal closes what it works on. */
const ABORT_GRACE_MS = 5_000;

/**
 * Runs steps one at a time, for the loop and for callers of the API alike: a run waits for the running one,
 * and joins a waiting one that asks for the same. (It may not join a running one: that began before the caller's data.)
 */
export class StepRunner {
  readonly #steps: Map<StepId, PipelineStep>;
  readonly #state: PipelineState;
  readonly #logEnd: () => number;
  readonly #onCommitted: (lakeOffset: number) => void;
  readonly #onServed: (nextOffset: number, at: number) => void;
  readonly #logger: LoggerService;
  readonly #abort = new AbortController();
  readonly #waiting = new Map<string, Promise<StepAnswer>>();
  #last: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(options: {
    steps: Map<StepId, PipelineStep>;
    state: PipelineState;
    /** Next offset of the event log. */
    logEnd: () => number;
    /** Told after a commit below which offset everything is in the lake. */
    onCommitted: (lakeOffset: number) => void;
    /** Told after a sync below which offset everything is served. */
    onServed: (nextOffset: number, at: number) => void;
    logger: LoggerService;
  }) {
    this.#steps = options.steps;
    this.#state = options.state;
    this.#logEnd = options.logEnd;
    this.#onCommitted = options.onCommitted;
    this.#onServed = options.onServed;
    this.#logger = options.logger;
  }

  /** Runs a step and answers what it did; rejects with the step's error, or with 503 when the portal stops. */
  run(id: StepId, options: StepOptions = {}): Promise<StepAnswer> {
    const step = this.#steps.get(id);
    if (!step) {
      return Promise.reject(
        new NotFoundError(`No module brings the step '${id}'`),
      );
    }
    const key = `${id} ${options.full ?? false}`;
    const waiting = this.#waiting.get(key);
    if (waiting) return waiting;

    const run = this.#last.then(() => {
      this.#waiting.delete(key);
      return this.#execute(step, options);
    });
    this.#waiting.set(key, run);
    this.#last = run.catch(() => {});
    return run;
  }

  /** Lets the running step end within the grace, else aborts it; what waits is refused. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    const timer = new AbortController();
    const wait = (ms: number) =>
      delay(ms, undefined, { signal: timer.signal }).catch(() => {});
    const ended = this.#last.then(() => timer.abort());
    await Promise.race([ended, wait(graceMs)]);
    this.#abort.abort(new ServiceUnavailableError('The portal is stopping'));
    await Promise.race([ended, wait(ABORT_GRACE_MS)]);
    timer.abort();
  }

  async #execute(
    step: PipelineStep,
    options: StepOptions,
  ): Promise<StepAnswer> {
    if (this.#stopped) {
      throw new ServiceUnavailableError('The portal is stopping');
    }
    const logger = this.#logger.child({ step: step.id });
    const startedAt = Date.now();
    const logEnd = this.#logEnd();
    this.#state.started(step.id, logEnd);
    try {
      const { lakeOffset, ...result } = await step.run({
        signal: this.#abort.signal,
        logger,
        options,
      });
      if (lakeOffset !== undefined) {
        if (lakeOffset < logEnd) {
          throw new Error(
            `The lake holds the event log up to ${lakeOffset}, not ${logEnd}`,
          );
        }
        this.#onCommitted(lakeOffset);
      }
      const finishedAt = Date.now();
      const served = this.#state.succeeded(result.changed, finishedAt);
      if (served !== undefined) this.#onServed(served, finishedAt);
      logger[result.changed ? 'info' : 'debug'](
        `${step.title}: ${finishedAt - startedAt} ms, ${
          result.changed ? JSON.stringify(result.details) : 'nothing to do'
        }`,
      );
      return {
        step: step.id,
        startedAt: new Date(startedAt).toISOString(),
        finishedAt: new Date(finishedAt).toISOString(),
        ...result,
      };
    } catch (error) {
      const message = stringifyError(error);
      const retryAt = this.#state.failed(message, Date.now());
      logger.error(
        `${step.title} failed, next try at ${new Date(
          retryAt,
        ).toISOString()}: ${message}`,
      );
      throw error;
    }
  }
}
