import type { ScrapeErrorClass } from '@naap/events';
import { ProbeError } from '../ProbeError';

export interface PhaseLimit {
  ms: number;
  /** Its class when the time is over. */
  late: ScrapeErrorClass;
  signal: AbortSignal;
}

/**
 * Runs one phase of a probe. When its time is over or the signal aborts, it
 * fails and what `start` gave is called to undo it.
 *
 * @throws ProbeError; the signal's reason; whatever the phase fails with
 */
export async function phase<T>(
  { ms, late, signal }: PhaseLimit,
  start: (
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ) => () => void,
): Promise<T> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let undo = () => {};
  const fail = (error: unknown) => {
    undo();
    reject(error);
  };
  const onAbort = () => fail(signal.reason);
  const timer = setTimeout(() => fail(new ProbeError(late)), ms);
  signal.addEventListener('abort', onAbort);
  try {
    undo = start(resolve, fail);
  } catch (error) {
    reject(error);
  }
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  });
}
