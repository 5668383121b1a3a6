export * from './LakeCommitter';
export * from './LakeReader';
export * from './LakeWorker';
export { LockedError, withLock } from './lock';
export * from './paths';
