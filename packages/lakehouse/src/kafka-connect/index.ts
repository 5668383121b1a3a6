export * from './ConnectClient';
export * from './connectors';
export * from './report';
export { Restarts } from './Restarts';
