export type { SimulatedMessage } from './dirt';
export { liveSimulation } from './live';
export type { LiveOptions } from './live';
export { simulate } from './simulate';
export type { SimulateOptions } from './simulate';
