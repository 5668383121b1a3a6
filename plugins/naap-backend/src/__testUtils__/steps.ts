import { mockServices } from '@backstage/backend-test-utils';
import { logPositions, type Positions } from '@naap/ingestion';
import {
  STEP_IDS,
  type StepArguments,
  type StepId,
} from '@naap/plugin-naap-common';
import { look, PipelineState, StepRunner } from '../loop';
import { FakeSteps } from './fakes';

/** A runner over fake steps and a log of a given length. */
export function setUpSteps() {
  const log = { end: 0 };
  const bus = { positions: async () => logPositions(log.end) };
  const steps = new FakeSteps(bus);
  const state = new PipelineState();
  const committed: Positions[] = [];
  const logger = mockServices.logger.mock();
  const runner = new StepRunner({
    state,
    bus,
    onCommitted: lake => committed.push(lake),
  });
  const all = STEP_IDS.map(id => steps.step(id));
  const lookAtAll = () => look({ bus, steps: all, logger });
  const run = (
    id: StepId,
    options: StepArguments = {},
    signal = new AbortController().signal,
  ) =>
    runner.run(steps.step(id), {
      signal,
      options,
      logger,
    });
  /** What the loop would run at a time, Unix ms. */
  const nextDue = async (now: number = Date.now()) =>
    state.nextDue(await lookAtAll(), now);
  return {
    steps,
    state,
    committed,
    log,
    logger,
    runner,
    run,
    look: lookAtAll,
    nextDue,
  };
}

/** A gate that steps wait at, and a promise of somebody standing there. */
export function gate() {
  const waits = Promise.withResolvers<void>();
  const opens = Promise.withResolvers<void>();
  return {
    somebodyWaits: waits.promise,
    open: opens.resolve,
    pass: async () => {
      waits.resolve();
      await opens.promise;
    },
  };
}
