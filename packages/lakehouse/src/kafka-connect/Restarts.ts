import type { ConnectClient } from './ConnectClient';
import { errorOf, stateOf } from './report';

const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 5 * 60_000;

interface Tried {
  times: number;
  /** Unix ms of the last restart. */
  at: number;
}

/** How long it waits for the next restart after so many: 10 s, doubled each time up to 5 min. */
function waitAfter({ times }: Tried): number {
  return Math.min(FIRST_WAIT_MS * 2 ** (times - 1), LONGEST_WAIT_MS);
}

/**
 * Starts failed connectors and tasks anew, the first time at once. Most of what a sink fails of passes: a broker, a
 * catalog or a bucket that was away. Remembers what it has tried as long as the process lives.
 */
export class Restarts {
  readonly #tried = new Map<string, Tried>();

  constructor(
    private readonly client: Pick<ConnectClient, 'status' | 'restart'>,
    private readonly onRestart: (name: string, error: string) => void,
  ) {}

  /**
   * Looks at connectors once.
   *
   * @throws ConnectError
   */
  async look(names: readonly string[], now = Date.now()): Promise<void> {
    for (const name of names) {
      const status = await this.client.status(name);
      const tried = this.#tried.get(name);
      if (stateOf(status) !== 'FAILED') {
        // Well for so long: what it fails of next is something else.
        if (tried && now - tried.at > LONGEST_WAIT_MS) this.#tried.delete(name);
        continue;
      }
      if (tried && now - tried.at < waitAfter(tried)) continue;
      this.#tried.set(name, { times: (tried?.times ?? 0) + 1, at: now });
      this.onRestart(name, errorOf(status) ?? '');
      await this.client.restart(name, { onlyFailed: true });
    }
  }
}
