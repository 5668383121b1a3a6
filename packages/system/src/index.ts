export * from './diskSpace';
export * from './FileLock';
export * from './LossyOutput';
export * from './privateHome';
export * from './processes';
export * from './slices';
