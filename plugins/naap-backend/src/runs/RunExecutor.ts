import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError, toError } from '@backstage/errors';
import type { Run, StepId } from '@naap/plugin-naap-common';
import type { PipelineStep } from '@naap/plugin-naap-node';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { StepRunner } from '../loop';
import type { RunEvents } from './RunEvents';
import { RunLog, runLogger } from './RunLog';
import type { RunOutcome, RunStore } from './RunStore';

/** How often a running run renews its lease and looks whether it is to end; more often when the lease is short. */
const HEARTBEAT_MS = 1_000;
/** A lease that can't be renewed is given up before another process may take the step for free. */
const LEASE_USED = 0.8;
/** How long a step may ignore its abort signal before the portal closes what it works on. */
const ABORT_GRACE_MS = 5_000;

/** Why a run ends before its step does. */
class RunStopped extends Error {
  constructor(readonly why: 'cancelled' | 'lost' | 'stopping', text: string) {
    super(text);
  }
}

interface CurrentRun {
  id: string;
  abort: AbortController;
  beat: () => Promise<void>;
}

/**
 * Takes queued runs from the database and runs them, one at a time in this process. A run that it executes is its own
 * by a lease: who finds a lease that is over takes the run for lost, and this executor, when it finds that it lost one,
 * aborts the step.
 */
export class RunExecutor {
  readonly #store: RunStore;
  readonly #steps: Map<StepId, PipelineStep>;
  readonly #runner: Pick<StepRunner, 'run'>;
  readonly #events: RunEvents;
  readonly #logger: LoggerService;
  readonly #leaseMs: number;
  readonly #owner = randomUUID();
  #current: CurrentRun | undefined;
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
    if (!this.#store.isShared) this.#lost(await this.#store.recoverAll());
  }

  /** The ids of the runs that it executes now. */
  get held(): string[] {
    return this.#current ? [this.#current.id] : [];
  }

  /**
   * Recovers what dead processes left and takes what is queued. Called every few seconds.
   *
   * @param held - runs that this process executes: it is alive, even where it was asleep for longer than a lease
   */
  async tick(held: string[] = this.held): Promise<void> {
    if (this.#stopped) return;
    this.#lost(await this.#store.recoverExpired(held));
    this.work();
  }

  /** Something is queued. Runs one run after another until none is left that may run; doesn't wait for that. */
  work(): void {
    this.#lookAgain = true;
    this.#working ??= this.#drain();
  }

  /** Somebody asked for the end of a run: looks at once whether it is the one that runs here. */
  async look(id: string): Promise<void> {
    if (this.#current?.id === id) await this.#current.beat();
  }

  /** Lets the running run end within the grace, else gives it up for another process or the next start; takes no other. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    const timer = new AbortController();
    const wait = (ms: number) =>
      delay(ms, undefined, { signal: timer.signal }).catch(() => {});
    const ended = Promise.resolve(this.#working).then(() => timer.abort());
    await Promise.race([ended, wait(graceMs)]);
    this.#current?.abort.abort(
      new RunStopped('stopping', 'The portal is stopping'),
    );
    await Promise.race([ended, wait(ABORT_GRACE_MS)]);
    timer.abort();
  }

  async #drain(): Promise<void> {
    while (this.#lookAgain && !this.#stopped) {
      this.#lookAgain = false;
      try {
        let run = await this.#claim();
        while (run) {
          await this.#execute(run);
          run = this.#stopped ? undefined : await this.#claim();
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
    return this.#store.claim(
      [...this.#steps.keys()],
      this.#owner,
      this.#leaseMs,
    );
  }

  async #execute(run: Run): Promise<void> {
    const portalLogger = this.#logger.child({ step: run.step, run: run.id });
    const log = new RunLog(async lines => {
      await this.#store.appendLog(run.id, lines);
      this.#events.changed(run.id);
    }, portalLogger);
    const current = this.#hold(run.id, portalLogger);
    const heart = setInterval(
      current.beat,
      Math.min(HEARTBEAT_MS, this.#leaseMs / 5),
    );
    this.#current = current;
    this.#events.run(run);
    try {
      const outcome = await this.#outcome(run, {
        signal: current.abort.signal,
        logger: runLogger(portalLogger, log),
      });
      await log.close();
      await this.#recorded(() => this.#end(run, outcome));
    } finally {
      clearInterval(heart);
      this.#current = undefined;
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
        return { state: 'failed', error: stringifyError(error) };
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
      await delay(HEARTBEAT_MS);
    }
  }

  async #end(run: Run, outcome: RunOutcome | undefined): Promise<void> {
    if (!outcome) {
      this.#lost(await this.#store.abandon(run.id, this.#owner));
      return;
    }
    const ended = await this.#store.finish(run.id, this.#owner, outcome);
    if (ended) {
      this.#events.run(ended);
    } else {
      this.#logger.warn(
        `Run ${run.id} of '${run.step}' had been taken for lost before it ended`,
      );
      this.#events.changed(run.id);
    }
  }

  /** The heartbeat of a run: aborts its step when it is cancelled, and when the lease is or may be lost. */
  #hold(id: string, logger: LoggerService): CurrentRun {
    const abort = new AbortController();
    let heldSince = performance.now();
    const beat = async () => {
      const asked = performance.now();
      if (asked - heldSince > LEASE_USED * this.#leaseMs) {
        abort.abort(new RunStopped('lost', 'its lease could not be renewed'));
      }
      try {
        const held = await this.#store.beat(id, this.#owner, this.#leaseMs);
        heldSince = asked;
        if (!held) {
          abort.abort(new RunStopped('lost', 'another process took it over'));
        } else if (held.cancelledBy !== null) {
          abort.abort(
            new RunStopped('cancelled', `Cancelled by ${held.cancelledBy}`),
          );
        }
      } catch (error) {
        logger.warn('The lease of a run could not be renewed', toError(error));
      }
    };
    return { id, abort, beat };
  }

  #lost(runs: Run[]): void {
    for (const run of runs) {
      this.#logger.warn(`Run ${run.id} of '${run.step}' is lost: ${run.error}`);
      this.#events.run(run);
    }
  }
}
