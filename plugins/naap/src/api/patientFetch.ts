import type { NaapFetch } from '@naap/plugin-naap-common';

const MOST_TRIES = 4;
const LONGEST_WAIT_MS = 10_000;
const BUSY = [429, 503];

/** How long an answer asks to wait, in ms; undefined when it doesn't, or for longer than a reader of a page would. */
function waitOf(answer: Response): number | undefined {
  const seconds = Number(answer.headers.get('Retry-After') ?? NaN);
  const ms = seconds * 1000;
  return ms >= 0 && ms <= LONGEST_WAIT_MS ? ms : undefined;
}

/** Resolves after a time; rejects with the reason of the signal when that comes before. */
function pause(ms: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/**
 * A `fetch` for a portal that has much to do: what only reads is asked again when the portal says so, as often as it
 * takes, up to three times.
 */
export function patientFetch(fetch: NaapFetch): NaapFetch {
  return async (url, init) => {
    for (let tries = 1; ; tries++) {
      const answer = await fetch(url, init);
      const wait =
        (init?.method ?? 'GET') === 'GET' && BUSY.includes(answer.status)
          ? waitOf(answer)
          : undefined;
      if (wait === undefined || tries === MOST_TRIES) return answer;
      // Not all at once: others were told the same.
      await pause(wait * (1 + Math.random()), init?.signal);
    }
  };
}
