import {
  ConflictError,
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { STEP_IDS } from '@naap/plugin-naap-common';
import type {
  LoopState,
  PageQuery,
  Run,
  RunListAnswer,
  RunListQuery,
  RunLogAnswer,
  RunLogLine,
  RunTrigger,
  StorageState,
  StepAnswer,
  StepArguments,
  StepId,
  StepPlan,
} from '@naap/plugin-naap-common';
import type { PipelineStep } from '@naap/plugin-naap-node';
import { boundedPage, Ordered, pageAsk } from '@naap/serving/bounded';
import { STEP_RESERVE_BYTES } from '@naap/system';
import { runArguments } from './runArguments';
import type { RunEvents } from './RunEvents';
import type { RunExecutor } from './RunExecutor';
import { hasEnded, type RunStore, type StepStanding } from './store';

/** How often the database is asked about a run that another replica may run. */
const POLL_MS = 1_000;
const LINES_AT_ONCE = 500;
const LAST_LINES = 100;

/** Runs, and the lines of one, are in the order of their numbers. */
const BY_NUMBER: Ordered[] = [
  { column: 'seq', kind: 'time', direction: 'ASC' },
];
const LOG = 'log';

/** Something new of a run that is followed; neither when nothing was new for a while. */
export interface RunNews {
  line?: RunLogLine;
  run?: Run;
}

/** The one way to runs: for the loop, schedules, the API, actions and retries. */
export class RunService {
  readonly #store: RunStore;
  readonly #steps: Map<StepId, PipelineStep>;
  readonly #executor: Pick<RunExecutor, 'work' | 'look'>;
  readonly #events: RunEvents;
  readonly #storage: () => Promise<StorageState>;
  readonly #stopping = new AbortController();

  constructor(options: {
    store: RunStore;
    steps: Map<StepId, PipelineStep>;
    executor: Pick<RunExecutor, 'work' | 'look'>;
    events: RunEvents;
    storage: () => Promise<StorageState>;
  }) {
    this.#store = options.store;
    this.#steps = options.steps;
    this.#executor = options.executor;
    this.#events = options.events;
    this.#storage = options.storage;
  }

  /** Asks for a run; joins a queued one that asks for the same. Throws for a step or an argument that isn't known, and on a full disk. */
  async start(ask: {
    step: StepId;
    arguments?: StepArguments;
    trigger: RunTrigger;
    startedBy: string;
    retryOf?: string;
  }): Promise<Run> {
    if (this.#stopping.signal.aborted) {
      throw new ServiceUnavailableError('The portal is stopping');
    }
    await this.#assertRoom();
    const run = await this.#store.queue.enqueue({
      ...ask,
      arguments: runArguments(this.step(ask.step), ask.arguments ?? {}),
    });
    this.#executor.work();
    return run;
  }

  /** A step that is begun on a full disk only takes the last of it from the database that its run is written to. */
  async #assertRoom(): Promise<void> {
    const { freeBytes } = await this.#storage();
    if (freeBytes >= STEP_RESERVE_BYTES) return;
    const megabytes = (bytes: number) => Math.floor(bytes / 1024 ** 2);
    throw new ServiceUnavailableError(
      `The disk is full: ${megabytes(
        freeBytes,
      )} MB are free, and a step begins with ${megabytes(
        STEP_RESERVE_BYTES,
      )} MB or more. Free some space, then try again`,
    );
  }

  /** The run when it has ended, wherever it ran. Rejects when this process stops before. */
  async ended(id: string): Promise<Run> {
    for await (const { run } of this.follow(id, { log: false })) {
      if (run && hasEnded(run)) return run;
    }
    throw new ServiceUnavailableError('The portal is stopping');
  }

  /**
   * What a run did, when it has ended, wherever it ran.
   *
   * @throws ConflictError of one that was cancelled, ServiceUnavailableError of one that was lost, and of one that failed
   *   an error with its message: an InputError where the run said that its arguments fit nothing
   */
  async answer(id: string): Promise<StepAnswer> {
    const run = await this.ended(id);
    switch (run.state) {
      case 'succeeded':
        return {
          step: run.step,
          startedAt: run.startedAt!,
          finishedAt: run.finishedAt!,
          changed: run.changed!,
          details: run.details!,
        };
      case 'cancelled':
        throw new ConflictError(`Run ${id}: ${run.error}`);
      case 'lost':
        throw new ServiceUnavailableError(`Run ${id}: ${run.error}`);
      default: {
        const failure = await this.#store.history.failure(id);
        throw failure?.name === InputError.name
          ? new InputError(failure.message ?? undefined)
          : new Error(run.error ?? `Run ${id} failed`);
      }
    }
  }

  /** Runs a step that is due to its end, here or elsewhere; nothing when one of its runs waits or runs already. */
  async runForLoop(step: StepId): Promise<Run | undefined> {
    if (await this.#store.queue.isActive(step)) return undefined;
    const { id } = await this.start({
      step,
      trigger: 'loop',
      startedBy: 'loop',
    });
    return this.ended(id);
  }

  /** Asks for the end of a run: at once when it is queued, soon when it runs. Throws when it has ended. */
  async cancel(id: string, by: string): Promise<Run> {
    const before = await this.get(id);
    if (hasEnded(before)) {
      throw new ConflictError(`The run has ended: it is ${before.state}`);
    }
    await this.#store.queue.cancel(id, by);
    const run = await this.get(id);
    if (hasEnded(run)) this.#events.run(run);
    await this.#executor.look(id);
    return run;
  }

  /** Asks for a run with the step and the arguments of one that has ended. */
  async retry(id: string, startedBy: string): Promise<Run> {
    const run = await this.get(id);
    if (!hasEnded(run)) {
      throw new ConflictError(
        `The run is ${run.state}; only one that has ended can be run again`,
      );
    }
    return this.start({
      step: run.step,
      arguments: run.arguments,
      trigger: 'retry',
      startedBy,
      retryOf: run.id,
    });
  }

  /** What a run would touch. */
  async plan(id: StepId, args: StepArguments): Promise<StepPlan> {
    const step = this.step(id);
    const normal = runArguments(step, args);
    return { step: id, arguments: normal, ...(await step.plan(normal)) };
  }

  step(id: StepId): PipelineStep {
    const step = this.#steps.get(id);
    if (!step) throw new NotFoundError(`No module brings the step '${id}'`);
    return step;
  }

  /** In the order in which data passes them. */
  steps(): PipelineStep[] {
    return STEP_IDS.flatMap(id => this.#steps.get(id) ?? []);
  }

  standing(step: StepId): Promise<StepStanding> {
    return this.#store.history.standing(step);
  }

  /** How the steps of the loop stand, as their runs in all processes tell. */
  async loopState(): Promise<LoopState> {
    const steps = this.steps().filter(({ progress }) => progress);
    const standings = new Map<StepId, StepStanding>();
    for (const { id } of steps) standings.set(id, await this.standing(id));
    const succeededAt = (step: StepId) =>
      standings.get(step)?.lastSuccess?.finishedAt ?? null;
    const failed = [...standings.values()]
      .flatMap(({ lastRun }) => (lastRun?.state === 'failed' ? [lastRun] : []))
      .sort((a, b) => b.finishedAt!.localeCompare(a.finishedAt!));
    const newest = failed.at(0);
    return {
      running: steps.find(({ id }) => standings.get(id)?.running)?.id ?? null,
      lastCommitAt: succeededAt('commit'),
      lastBuildAt: succeededAt('build'),
      lastSyncAt: succeededAt('sync'),
      lastError: newest
        ? {
            step: newest.step,
            message: newest.error ?? 'failed',
            at: newest.finishedAt!,
          }
        : null,
    };
  }

  /** How many runs wait, in all replicas. */
  queued(): Promise<number> {
    return this.#store.queue.queued();
  }

  /** The last run that has ended of each of the steps. */
  async lastRuns(
    steps: Iterable<StepId> = this.#steps.keys(),
  ): Promise<Map<StepId, Run>> {
    const last = new Map<StepId, Run>();
    for (const step of steps) {
      const run = await this.#store.history.lastEnded(step);
      if (run) last.set(step, run);
    }
    return last;
  }

  async get(id: string): Promise<Run> {
    const run = await this.#store.history.get(id);
    if (!run) throw new NotFoundError(`There is no run '${id}'`);
    return run;
  }

  async list(
    query: RunListQuery & { limit: number; offset: number },
  ): Promise<RunListAnswer> {
    const { after, limit } = pageAsk('runs', query, BY_NUMBER);
    const before = after ? Number(after[0]) : undefined;
    const asked = { ...query, limit: limit && limit + 1 };
    const { total, rows } = await this.#store.history.list(asked, before);
    const numbers = new Map(rows.map(({ seq, run }) => [run, seq]));
    const page = await boundedPage(
      'runs',
      {
        rows: rows.slice(0, limit).map(({ run }) => run),
        more: rows.length > limit,
      },
      run => [numbers.get(run)!],
    );
    return { total, rows: page.rows, next: page.next };
  }

  /** Lines after a line, or after a page. */
  async log(
    id: string,
    query: PageQuery & { after: number },
  ): Promise<RunLogAnswer> {
    const { after, limit } = pageAsk(LOG, query, BY_NUMBER);
    const from = Math.max(query.after, after ? Number(after[0]) : 0);
    // Before its lines: what is written between is of the next page.
    const run = await this.get(id);
    const rows = await this.#store.logs.after(id, from, limit + 1);
    const page = await boundedPage(
      LOG,
      { rows: rows.slice(0, limit), more: rows.length > limit },
      ({ seq }) => [seq],
    );
    return {
      rows: page.rows,
      next: page.next,
      done: hasEnded(run) && page.next === null,
    };
  }

  /** The last lines of a run's log, oldest first. */
  lastLines(id: string): Promise<RunLogLine[]> {
    return this.#store.logs.last(id, LAST_LINES);
  }

  /**
   * A run and, unless `log` is false, its log after a line, as they come; ends with the run. Yields something at least
   * every second, so that who reads can tell silence from death.
   */
  async *follow(
    id: string,
    options: { after?: number; log?: boolean; signal?: AbortSignal } = {},
  ): AsyncGenerator<RunNews> {
    const signal = options.signal
      ? AbortSignal.any([options.signal, this.#stopping.signal])
      : this.#stopping.signal;
    let after = options.after ?? 0;
    let told: string | undefined;
    while (!signal.aborted) {
      // Listens before it reads, and reads the run before its log: nothing that comes between is missed.
      const news = this.#events.next(id, POLL_MS, signal);
      const run = await this.get(id);
      const lines =
        options.log === false
          ? []
          : await this.#store.logs.after(id, after, LINES_AT_ONCE);
      for (const line of lines) yield { line };
      after = lines.at(-1)?.seq ?? after;
      if (lines.length === LINES_AT_ONCE) continue;
      if (told !== run.state) {
        told = run.state;
        yield { run };
      } else {
        yield {};
      }
      if (hasEnded(run)) return;
      await news;
    }
  }

  prune(): Promise<void> {
    return this.#store.history.prune([...this.#steps.keys()]);
  }

  /** Takes no more runs, and lets go who waits for one. */
  stop(): void {
    this.#stopping.abort();
  }
}
