export { DatabaseLeases, type Lease } from './DatabaseLeases';
export { Heartbeat } from './Heartbeat';
