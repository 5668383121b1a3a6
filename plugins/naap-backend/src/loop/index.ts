export { look } from './look';
export { Loop } from './Loop';
export { Passage } from './Passage';
export { PipelineState } from './PipelineState';
export { ServedLatency } from './ServedLatency';
export { StepRunner } from './StepRunner';
