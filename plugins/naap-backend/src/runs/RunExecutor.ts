import type { LoggerService } from '@backstage/backend-plugin-api';
import { isError, stringifyError, toError } from '@backstage/errors';
import type { Run, StepId } from '@naap/plugin-naap-common';
import type { PipelineStep } from '@naap/plugin-naap-node';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Heartbeat } from './Heartbeat';
import type { StepRunner } from '../loop';
import type { RunEvents } from './RunEvents';
import { RunLog, runLogger } from './RunLog';
import type { RunOutcome, RunStore } from './store';

/** How long after a failure the end of a run is recorded again. */
const RECORD_AGAIN_MS = 1_000;
/** How long a step may ignore its abort signal before the portal closes what it works on. */
const ABORT_GRACE_MS = 5_000;

/** An error as it is kept: its class apart from what it says. */
function named(error: unknown): Pick<RunOutcome, 'error' | 'errorName'> {
  return isError(error)
    ? { errorName: error.name, error: error.message }
    : { error: stringifyError(error) };
}

/** Why a run ends before its step does. */
class RunStopped extends Error {
  constructor(readonly why: 'cancelled' | 'lost' | 'stopping', text: string) {
    super(text);
  }
}

interface CurrentRun {
  abort: AbortController;
  heart: Pick<Heartbeat<unknown>, 'beat' | 'stop'>;
  ended: Promise<void>;
}

/**
 * Takes queued runs from the database and runs them, side by side those that don't get in each other's way. A run that it
 * executes is its own by a lease: who finds a lease that is over takes the run for lost, and this executor, when it finds
 * that it lost one, aborts the step.
 */
export class RunExecutor {
  readonly #store: RunStore;
  readonly #steps: Map<StepId, PipelineStep>;
  readonly #runner: Pick<StepRunner, 'run'>;
  readonly #events: RunEvents;
  readonly #logger: LoggerService;
  readonly #leaseMs: number;
  readonly #owner = randomUUID();
  readonly #current = new Map<string, CurrentRun>();
  #working: Promise<void> | undefined;
  #lookAgain = false;
  #stopped = false;

  constructor(options: {
    store: RunStore;
    steps: Map<StepId, PipelineStep>;
    runner: Pick<StepRunner, 'run'>;
    events: RunEvents;
    logger: LoggerService;
    /** How long this process may be silent before another takes its run for lost. */
    leaseMs: number;
  }) {
    this.#store = options.store;
    this.#steps = options.steps;
    this.#runner = options.runner;
    this.#events = options.events;
    this.#logger = options.logger;
    this.#leaseMs = options.leaseMs;
  }

  /** Before the first run: what is running in a database that has one process at a time was left by one that died. */
  async recoverOwn(): Promise<void> {
    const { queue } = this.#store;
    if (!queue.isShared) this.#lost(await queue.recoverAll());
  }

  /**
   * Recovers what dead processes left and takes what is queued. Called every few seconds. What this process runs is never
   * lost: it is alive, even where it was asleep for longer than a lease.
   */
  async tick(): Promise<void> {
    if (this.#stopped) return;
    const held = [...this.#current.keys()];
    this.#lost(await this.#store.queue.recoverExpired(held));
    this.work();
  }

  /** Something is queued, or ended. Begins all that may run; waits for none of it. */
  work(): void {
    this.#lookAgain = true;
    this.#working ??= this.#drain();
  }

  /** Somebody asked for the end of a run: looks at once whether it is one that runs here. */
  async look(id: string): Promise<void> {
    await this.#current.get(id)?.heart.beat();
  }

  /** Lets what runs end within the grace, else gives it up for another process or the next start; takes nothing more. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    const timer = new AbortController();
    const wait = (ms: number) =>
      delay(ms, undefined, { signal: timer.signal }).catch(() => {});
    const ended = this.#ended().then(() => timer.abort());
    await Promise.race([ended, wait(graceMs)]);
    for (const { abort } of this.#current.values()) {
      abort.abort(new RunStopped('stopping', 'The portal is stopping'));
    }
    await Promise.race([ended, wait(ABORT_GRACE_MS)]);
    timer.abort();
  }

  async #ended(): Promise<void> {
    await this.#working;
    const running = [...this.#current.values()];
    await Promise.all(running.map(({ ended }) => ended));
  }

  async #drain(): Promise<void> {
    while (this.#lookAgain && !this.#stopped) {
      this.#lookAgain = false;
      try {
        for (
          let run = await this.#claim();
          run;
          run = this.#stopped ? undefined : await this.#claim()
        ) {
          this.#begin(run);
        }
      } catch (error) {
        this.#logger.error(
          'The queue of runs cannot be worked on',
          toError(error),
        );
      }
    }
    this.#working = undefined;
  }

  #claim(): Promise<Run | undefined> {
    return this.#store.queue.claim(this.#steps, this.#owner, this.#leaseMs);
  }

  #begin(run: Run): void {
    const logger = this.#logger.child({ step: run.step, run: run.id });
    const held = this.#hold(run.id, logger);
    const ended = this.#execute(run, held, logger)
      .catch(error =>
        logger.error('The end of a run cannot be recorded', toError(error)),
      )
      .finally(() => {
        this.#current.delete(run.id);
        this.work();
      });
    this.#current.set(run.id, { ...held, ended });
  }

  async #execute(
    run: Run,
    { abort, heart }: Pick<CurrentRun, 'abort' | 'heart'>,
    portalLogger: LoggerService,
  ): Promise<void> {
    const log = new RunLog(async lines => {
      await this.#store.logs.append(run.id, lines);
      this.#events.changed(run.id);
    }, portalLogger);
    this.#events.run(run);
    try {
      const outcome = await this.#outcome(run, {
        signal: abort.signal,
        logger: runLogger(portalLogger, log),
      });
      await log.close();
      await this.#recorded(() => this.#end(run, outcome));
    } finally {
      heart.stop();
    }
  }

  /** What became of the step; undefined: it was given up. */
  async #outcome(
    run: Run,
    context: { signal: AbortSignal; logger: LoggerService },
  ): Promise<RunOutcome | undefined> {
    try {
      const { changed, details, rows } = await this.#runner.run(
        this.#steps.get(run.step)!,
        { ...context, options: run.arguments },
      );
      return { state: 'succeeded', changed, details, rows };
    } catch (error) {
      if (!(error instanceof RunStopped)) {
        return { state: 'failed', ...named(error) };
      }
      return error.why === 'cancelled'
        ? { state: 'cancelled', error: error.message }
        : undefined;
    }
  }

  /** Tries until it is in the database, which may be full or gone for a while: nothing else can be recorded either. */
  async #recorded(record: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await record();
        return;
      } catch (error) {
        if (this.#stopped) throw error;
        this.#logger.warn(
          'The end of a run cannot be recorded, trying again',
          toError(error),
        );
      }
      await delay(RECORD_AGAIN_MS);
    }
  }

  async #end(run: Run, outcome: RunOutcome | undefined): Promise<void> {
    if (!outcome) {
      this.#lost(await this.#store.queue.abandon(run.id, this.#owner));
      return;
    }
    const ended = await this.#store.queue.finish(run.id, this.#owner, outcome);
    if (ended) {
      this.#events.run(ended);
    } else {
      this.#logger.warn(
        `Run ${run.id} of '${run.step}' had been taken for lost before it ended`,
      );
      this.#events.changed(run.id);
    }
  }

  /** Holds a run by its lease: aborts its step when it is cancelled, and when the lease is or may be lost. */
  #hold(
    id: string,
    logger: LoggerService,
  ): Pick<CurrentRun, 'abort' | 'heart'> {
    const abort = new AbortController();
    const heart = new Heartbeat({
      leaseMs: this.#leaseMs,
      renew: () => this.#store.queue.beat(id, this.#owner, this.#leaseMs),
      onRenewed: ({ cancelledBy }) => {
        if (cancelledBy === null) return;
        abort.abort(new RunStopped('cancelled', `Cancelled by ${cancelledBy}`));
      },
      onLost: why => abort.abort(new RunStopped('lost', why)),
      onError: error =>
        logger.warn('The lease of a run could not be renewed', toError(error)),
    });
    return { abort, heart };
  }

  #lost(runs: Run[]): void {
    for (const run of runs) {
      this.#logger.warn(`Run ${run.id} of '${run.step}' is lost: ${run.error}`);
      this.#events.run(run);
    }
  }
}
