export { RunEvents } from './RunEvents';
export { RunExecutor } from './RunExecutor';
export { type RunNews, RunService } from './RunService';
export { hasEnded, RunStore } from './store';
export { readPipelineConfig } from './pipelineConfig';
export { Schedules, type StepSchedules } from './Schedules';
export { openLineageSender } from './openLineage';
