export { Heartbeat } from './Heartbeat';
