import { setTimeout } from 'node:timers/promises';
import type { SimulatedMessage } from './dirt';
import { simulate, SimulateOptions } from './simulate';

export interface LiveOptions extends Omit<SimulateOptions, 'from' | 'to'> {
  /** Where to go on, unix ms: the `to` of a back-fill; default now. */
  from?: number;
}

/** Gateways flush about every second. */
const FLUSH_MS = 1000;

/** Bounds a batch when there is much to catch up with. */
const BATCH_LIMIT = 10_000;

/**
 * Gives the messages of the simulated network as they arrive by the wall clock,
 * in batches that are never empty, about one a second; what lies between `from`
 * and now comes at once. Ends when `signal` aborts.
 *
 * @throws RangeError for an option out of its range.
 */
export async function* liveSimulation(
  options: LiveOptions,
  signal: AbortSignal,
): AsyncGenerator<SimulatedMessage[], void> {
  const from = options.from ?? Date.now();
  let batch: SimulatedMessage[] = [];
  for (const message of simulate({ ...options, from, to: Infinity })) {
    const early = message.at - Date.now();
    if (batch.length > 0 && (early > 0 || batch.length === BATCH_LIMIT)) {
      yield batch;
      batch = [];
    }
    if (early > 0) {
      await setTimeout(Math.max(early, FLUSH_MS), undefined, { signal }).catch(
        () => undefined,
      );
    }
    if (signal.aborted) return;
    batch.push(message);
  }
}
