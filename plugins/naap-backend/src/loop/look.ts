import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { EventBus } from '@naap/ingestion';
import type { PipelineStep, StepProgress } from '@naap/plugin-naap-node';
import type { StepId } from '@naap/plugin-naap-common';
import type { Progress } from './PipelineState';

/**
 * Looks how far the steps are that the loop runs. Of a step that can't tell nothing is known to be due, and the others go on.
 *
 * @param steps - in the order in which data passes them
 */
export async function look(options: {
  bus: Pick<EventBus, 'positions'>;
  steps: readonly PipelineStep[];
  logger: LoggerService;
}): Promise<Progress> {
  const bus = await options.bus.positions();
  const progress = new Map<StepId, StepProgress>();
  for (const step of options.steps) {
    try {
      const of = await step.progress?.(bus);
      if (of) progress.set(step.id, of);
    } catch (error) {
      options.logger.warn(
        `It can't be told whether '${step.id}' is due`,
        toError(error),
      );
      progress.set(step.id, { source: null, taken: null });
    }
  }
  return progress;
}
