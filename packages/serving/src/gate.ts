import { BusyError } from './errors';

/** Lets a few in at once; others wait in a queue that has an end. */
export class Gate {
  readonly #atOnce: number;
  readonly #waiting: number;
  readonly #patienceMs: number;
  readonly #queue: Array<() => void> = [];
  #inside = 0;

  /**
   * @param options.atOnce - how many work at once
   * @param options.waiting - how many wait at most
   * @param options.patienceMs - how long one waits at most
   */
  constructor(options: {
    atOnce: number;
    waiting: number;
    patienceMs: number;
  }) {
    this.#atOnce = options.atOnce;
    this.#waiting = options.waiting;
    this.#patienceMs = options.patienceMs;
  }

  /**
   * Works when it is its turn.
   * @throws BusyError when too many wait, or when the turn does not come in time
   */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside < this.#atOnce) this.#inside++;
    else await this.#turn();
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      // Who waited takes the place: nobody comes between.
      if (next) next();
      else this.#inside--;
    }
  }

  #turn(): Promise<void> {
    const refusal = new BusyError(
      'Too much is asked for at once. Ask again in a few seconds.',
    );
    if (this.#queue.length >= this.#waiting) throw refusal;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined = undefined;
      const enter = () => {
        clearTimeout(timer);
        resolve();
      };
      timer = setTimeout(() => {
        this.#queue.splice(this.#queue.indexOf(enter), 1);
        reject(refusal);
      }, this.#patienceMs);
      this.#queue.push(enter);
    });
  }
}
