export * from './diskSpace';
export * from './exclusive/Exclusive';
export { FileLocks } from './exclusive/files/FileLocks';
export type { LockHolder } from './exclusive/files/FileLocks';
export * from './LossyOutput';
export * from './privateHome';
export * from './processes';
export * from './settings';
export * from './slices';
