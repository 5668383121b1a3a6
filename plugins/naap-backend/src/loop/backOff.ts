const FIRST_MS = 5_000;
const LONGEST_MS = 300_000;

/**
 * How long the loop waits after the nth failure in a row of a step: 5 s, doubled each time, at most 5 min. Always 5 s when
 * the disk was full: the mend is no new version, and who has made room looks at once whether it goes on.
 */
export function backOffMs(failures: number, diskFull: boolean = false): number {
  return diskFull
    ? FIRST_MS
    : Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}
