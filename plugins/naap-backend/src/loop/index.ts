export { look } from './look';
export { Loop } from './Loop';
export { PipelineState } from './PipelineState';
export { StepRunner } from './StepRunner';
