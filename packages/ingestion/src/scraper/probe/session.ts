import type { Destination } from '../guard/gate';
import { ProbeError } from '../ProbeError';
import { Connector } from './Connector';
import { HttpProbe } from './HttpProbe';
import type { ProbeLimits } from './limits';

export interface SessionOptions {
  limits: ProbeLimits;
  /** Who says that he asks. */
  userAgent: string;
  /** Abandons it at once. */
  signal: AbortSignal;
}

/**
 * Gives a connection to `ask` with, within the time of a target, and lets it go
 * whatever happens.
 *
 * @throws the signal's reason when it aborts
 */
export async function inSession<T>(
  to: Destination,
  addresses: readonly string[],
  { limits, userAgent, signal }: SessionOptions,
  ask: (http: HttpProbe) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const stop = new AbortController();
  const late = setTimeout(
    () => stop.abort(new ProbeError('timeout')),
    limits.totalMs,
  );
  const onAbort = () => stop.abort(signal.reason);
  signal.addEventListener('abort', onAbort);
  const connector = new Connector(to, {
    addresses,
    limits,
    signal: stop.signal,
  });
  const http = new HttpProbe(to, connector, limits, userAgent, stop.signal);
  try {
    const asked = await ask(http);
    signal.throwIfAborted();
    return asked;
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', onAbort);
    http.close();
  }
}
