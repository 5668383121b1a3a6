export * from './ConnectClient';
export * from './connectors';
