export { DbtRunner } from './DbtRunner';
export type { BuildOptions, BuildResult } from './DbtRunner';
export { DuckDbGoldSource } from './DuckDbGoldSource';
export type { ExportedDay, GoldState } from './DuckDbGoldSource';
export * from './LakeCommitter';
export * from './LakeReader';
export * from './LakeWorker';
export { LockedError, withLock } from './lock';
export * from './paths';
