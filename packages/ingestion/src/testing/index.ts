/**
 * For tests: what every implementation of a seam keeps, and small ones in memory.
 *
 * @packageDocumentation
 */
export { type OldMessage, writeOldLog } from '../eventlog/__fixtures__/oldLog';
export { eventBusContract } from './eventBusContract';
export { MemoryEventBus } from './MemoryEventBus';
