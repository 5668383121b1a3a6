const SLICE_MS = 5;
/** So often who comes in goes before who works; then one works, too. */
const MOST_BEFORE = 100;

/** Who waits for a turn of the main thread, all together: each way round the event loop one of them has it. */
const waiting: Array<() => void> = [];
let hasCome = false;
let before = 0;

function giveTurn(): void {
  if (hasCome && before < MOST_BEFORE) {
    hasCome = false;
    before++;
    setImmediate(giveTurn);
    return;
  }
  before = 0;
  const enter = waiting.shift();
  if (waiting.length > 0) setImmediate(giveTurn);
  enter?.();
}

/**
 * Says that somebody has connected. The event loop lets in one connection each time round, so others may stand behind
 * it: they come in before work goes on.
 */
export function comesIn(): void {
  hasCome = true;
}

/** Lets others in: what comes from outside, and then who waited for longer; however many there are. */
export function turn(): Promise<void> {
  return new Promise(resolve => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(giveTurn);
  });
}

/** Long work on the main thread, cut so that others get in between: `if (slices.over()) await slices.rest();`. */
export class Slices {
  #began = performance.now();

  /** Whether this slice has taken its time. Asking costs next to nothing, but more than an addition. */
  over(): boolean {
    return performance.now() - this.#began > SLICE_MS;
  }

  /** Lets others in. */
  async rest(): Promise<void> {
    await turn();
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
