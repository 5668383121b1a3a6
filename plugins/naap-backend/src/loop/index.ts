export { Loop } from './Loop';
export { PipelineState } from './PipelineState';
export { ServedLatency } from './ServedLatency';
export { StepRunner } from './StepRunner';
