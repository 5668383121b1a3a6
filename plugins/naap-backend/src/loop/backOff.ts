const FIRST_MS = 5_000;
const LONGEST_MS = 300_000;

/** How long the loop waits after the nth failure in a row of a step: 5 s, doubled each time, at most 5 min. */
export function backOffMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}
