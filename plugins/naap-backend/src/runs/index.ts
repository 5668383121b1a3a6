export { RunEvents } from './RunEvents';
export { RunExecutor } from './RunExecutor';
export { RunExecutors } from './RunExecutors';
export { type RunNews, RunService, stepAnswerOf } from './RunService';
export { hasEnded, RunStore } from './RunStore';
export { readPipelineConfig } from './pipelineConfig';
export { Schedules, type StepSchedules } from './Schedules';
export { openLineageSender } from './openLineage';
