import type { Run } from '@naap/plugin-naap-common';
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * What happens to runs in this process, told at once. What other replicas do is seen by asking the database now and
 * then.
 */
export class RunEvents {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  /** Calls the listener when a run has begun here, and when it has ended; one that was cancelled in the queue or lost only ends. */
  onRun(listener: (run: Run) => void): void {
    this.#emitter.on('run', listener);
  }

  /** A run began or ended. */
  run(run: Run): void {
    this.#emitter.emit('run', run);
    this.changed(run.id);
  }

  /** There is something new to read of a run. */
  changed(id: string): void {
    this.#emitter.emit(`changed ${id}`);
  }

  /** Resolves when something of the run changes here, after `ms`, or when the signal aborts. */
  async next(id: string, ms: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const wake = () => woken.abort();
    const event = `changed ${id}`;
    this.#emitter.once(event, wake);
    signal.addEventListener('abort', wake, { once: true });
    if (signal.aborted) wake();
    await delay(ms, undefined, { signal: woken.signal }).catch(() => {});
    this.#emitter.off(event, wake);
    signal.removeEventListener('abort', wake);
  }
}
