import { mockServices } from '@backstage/backend-test-utils';
import {
  STEP_IDS,
  type StepArguments,
  type StepId,
} from '@naap/plugin-naap-common';
import { PipelineState } from '../loop/PipelineState';
import { StepRunner } from '../loop/StepRunner';
import { FakeSteps } from './fakes';

/** A runner over fake steps and a log of a given length. */
export function setUpSteps() {
  const steps = new FakeSteps();
  const state = new PipelineState(new Set(STEP_IDS));
  const committed: number[] = [];
  const served: number[] = [];
  const log = { end: 0 };
  const logger = mockServices.logger.mock();
  const runner = new StepRunner({
    state,
    logEnd: () => log.end,
    onCommitted: offset => committed.push(offset),
    onServed: offset => served.push(offset),
  });
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
  return { steps, state, committed, served, log, logger, runner, run };
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
