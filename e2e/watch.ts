import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from './command.ts';
import type { Portal } from './portal.ts';
import type { Seen } from './watcher.ts';

/** What nothing that is done to a portal may exceed. */
export const MOST_LIVE_MS = 1_000;
export const MOST_MIB = 1_536;

/** Watches one portal from a process of its own. */
export class Watch {
  readonly #watcher: ChildProcess;

  private constructor(watcher: ChildProcess) {
    this.#watcher = watcher;
  }

  static async start({ record }: Portal): Promise<Watch> {
    const watch = new Watch(
      fork(join(ROOT, 'e2e/watcher.ts'), [record.url, String(record.backend)]),
    );
    await watch.seen();
    return watch;
  }

  /** What was seen since this was last asked. */
  async seen(): Promise<Seen> {
    this.#watcher.send('');
    const [seen] = (await once(this.#watcher, 'message')) as [Seen];
    return seen;
  }

  /** Does something to the portal, which has to stay alive and small all the while. */
  async over<T>(what: string, act: () => Promise<T>): Promise<T> {
    await this.seen();
    const [done] = await Promise.allSettled([act()]);
    const seen = await this.seen();
    process.stderr.write(`${what}: ${JSON.stringify(seen).slice(0, 300)}\n`);
    const faults = [
      ...(done.status === 'rejected' ? [String(done.reason)] : []),
      ...seen.failures.slice(0, 3).map(text => `/health/live: ${text}`),
      ...(seen.slowestMs > MOST_LIVE_MS
        ? [`/health/live took ${seen.slowestMs} ms`]
        : []),
      ...(seen.portalMiB > MOST_MIB
        ? [`the portal had ${seen.portalMiB} MiB`]
        : []),
    ];
    if (done.status === 'rejected' && faults.length === 1) throw done.reason;
    assert.deepEqual(faults, []);
    return (done as PromiseFulfilledResult<T>).value;
  }

  stop(): void {
    this.#watcher.disconnect();
  }
}
