/**
 * Runs jobs, at most so many at a time and those of one host one after the
 * other. A host with many jobs takes one place, however long its queue.
 */
export class HostQueues {
  readonly #queues = new Map<string, Array<() => Promise<void>>>();
  readonly #waiting: Array<() => void> = [];
  #free: number;

  constructor(concurrency: number) {
    this.#free = concurrency;
  }

  /** Resolves with the job's value when its turn came and it is done. */
  run<T>(host: string, job: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const turn = () => job().then(resolve, reject);
      const queue = this.#queues.get(host);
      if (queue) {
        queue.push(turn);
      } else {
        this.#queues.set(host, [turn]);
        this.#drain(host);
      }
    });
  }

  async #drain(host: string): Promise<void> {
    const queue = this.#queues.get(host)!;
    // One place a job, so that hosts take turns.
    for (let turn = queue.shift(); turn; turn = queue.shift()) {
      if (this.#free > 0) this.#free -= 1;
      else await new Promise<void>(go => this.#waiting.push(go));
      await turn();
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
    this.#queues.delete(host);
  }
}
