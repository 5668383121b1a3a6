import { setImmediate } from 'timers/promises';

const SLICE_MS = 10;

/** Long work on the main thread, cut so that others get in between: `if (slices.over()) await slices.rest();`. */
export class Slices {
  #began = performance.now();

  /** Whether this slice has taken its time. Asking costs next to nothing, but more than an addition. */
  over(): boolean {
    return performance.now() - this.#began > SLICE_MS;
  }

  /** Lets others in. */
  async rest(): Promise<void> {
    await setImmediate();
    this.#began = performance.now();
  }
}

/** What is made of each of many rows, in slices. */
export async function mapInSlices<From, To>(
  rows: From[],
  make: (row: From) => To,
): Promise<To[]> {
  const slices = new Slices();
  const made: To[] = [];
  for (const row of rows) {
    made.push(make(row));
    if (slices.over()) await slices.rest();
  }
  return made;
}
