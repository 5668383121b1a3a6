export { exclusiveContract } from './exclusiveContract';
export { MemoryExclusive } from './MemoryExclusive';
