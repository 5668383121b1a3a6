import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EventBus, Positions } from '@naap/ingestion';
import {
  STEP_IDS,
  type LoopState,
  type StepId,
  type StorageState,
} from '@naap/plugin-naap-common';
import type { PipelineStep } from '@naap/plugin-naap-node';
import { look, Loop, PipelineState, StepRunner } from './loop';
import { RunEvents, RunExecutor, RunService, type RunStore } from './runs';

/** How long a stop waits for the running steps before it aborts them. */
const STOP_GRACE_MS = 5_000;

/** The pipeline of one process: runs, and the loop that asks for what is due. */
export interface Pipeline {
  runs: RunService;
  /** Runs that begin and end in this process. */
  events: RunEvents;
  /** How the loop does; where others execute steps too, as the runs of all of them tell. */
  state(): Promise<LoopState>;
  /** Takes what waits and begins a round of the loop, which takes as long as its runs: the next ticks find it on. */
  tick(): Promise<void>;
  /** Ends or hands over what runs, and takes nothing more. */
  stop(): Promise<void>;
}

/**
 * Puts the pipeline together of the steps that the modules brought, and recovers what this process left when it died. Whatever it
 * executes itself, it takes runs of any step on, plans them and tells of them.
 */
export async function createPipeline(options: {
  steps: Map<StepId, PipelineStep>;
  bus: EventBus;
  store: RunStore;
  storage: () => Promise<StorageState>;
  /** Told after a commit what the lake holds. */
  onCommitted: (lake: Positions) => Promise<void>;
  /** Of the steps: runs of these are executed here and asked for by the loop, those of others wait for who executes them; undefined: all. */
  executes?: readonly StepId[];
  leaseMs: number;
  logger: LoggerService;
}): Promise<Pipeline> {
  const { steps, bus, store, storage, executes, leaseMs, logger } = options;
  const mine = executes
    ? new Map([...steps].filter(([id]) => executes.includes(id)))
    : steps;
  const state = new PipelineState();
  const events = new RunEvents();
  const runner = new StepRunner({
    state,
    bus,
    onCommitted: lake =>
      options
        .onCommitted(lake)
        .catch(error =>
          logger.warn('What the lake has is kept before it, too', error),
        ),
  });
  const executor = new RunExecutor({
    store,
    steps: mine,
    runner,
    events,
    logger,
    leaseMs,
  });
  await executor.recoverOwn();
  const runs = new RunService({ store, steps, executor, events, storage });
  const loop = new Loop({
    run: step => runs.runForLoop(step),
    state,
    look: () => look({ bus, steps: inOrder(mine), logger }),
    logger,
  });
  return {
    runs,
    events,
    state: async () =>
      mine.size === steps.size ? state.snapshot() : runs.loopState(),
    async tick() {
      await executor.tick();
      loop.round();
    },
    async stop() {
      await executor.stop(STOP_GRACE_MS);
      runs.stop();
    },
  };
}

/** In the order in which data passes them. */
function inOrder(steps: ReadonlyMap<StepId, PipelineStep>): PipelineStep[] {
  return STEP_IDS.flatMap(id => steps.get(id) ?? []);
}
