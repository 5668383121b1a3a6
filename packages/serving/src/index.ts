export * from './contract';
export {
  BusyError,
  DirectoryInUseError,
  InvalidQueryError,
  MigrationError,
  PublicationInterruptedError,
  ServerUnreachableError,
  SyncVerificationError,
} from './errors';
export * from './clickhouse-server/serverTarget';
export { Serving } from './serving';
export { E2E_TARGET_MS, JITTER_TARGET, slaScore } from './sla';
export type { SlaModelParts, SlaTargets } from './sla';
export { wilsonInterval } from './statistics';
export { DAY_TABLES, DIMENSION_TABLES } from './tables';
export type { SyncOptions, SyncProgress, SyncResult } from './sync';
