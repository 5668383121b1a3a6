/** The lowest and the highest of numbers, also of more than a call may have arguments; of none, infinities. */
export function extentOf(values: readonly number[]): {
  low: number;
  high: number;
} {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}
