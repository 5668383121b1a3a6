export type { SimulatedMessage } from './dirt';
export { liveSimulation } from './live';
export type { LiveOptions } from './live';
export { networkOf, simulate } from './simulate';
export { SimulatedServers } from './SimulatedServers';
export type { SimulateOptions } from './simulate';
