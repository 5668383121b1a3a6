import { mockServices } from '@backstage/backend-test-utils';
import { STEP_IDS } from '@naap/plugin-naap-common';
import { PipelineState } from '../loop/PipelineState';
import { StepRunner } from '../loop/StepRunner';
import { FakeSteps } from './fakes';

/** A runner over fake steps and a log of a given length. */
export function setUpSteps() {
  const steps = new FakeSteps();
  const state = new PipelineState(new Set(STEP_IDS), Date.now());
  const committed: number[] = [];
  const served: number[] = [];
  const log = { end: 0 };
  const runner = new StepRunner({
    steps: new Map(STEP_IDS.map(id => [id, steps.step(id)])),
    state,
    logEnd: () => log.end,
    onCommitted: offset => committed.push(offset),
    onServed: offset => served.push(offset),
    logger: mockServices.logger.mock({
      child: () => mockServices.logger.mock(),
    }),
  });
  return { steps, state, committed, served, log, runner };
}
