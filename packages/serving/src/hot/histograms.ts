import { LEVELS, METRICS, Percentiles } from '../groups';
import { WIDTH } from './dayCells';
import { Gathered } from './gather';

/** Merges buckets and finds ranks in them. Used for group after group: between them it is all 0. */
export class Histograms {
  readonly #counts = new Float64Array(METRICS.length * WIDTH);
  readonly #lowest = new Uint32Array(METRICS.length);
  readonly #highest = new Uint32Array(METRICS.length);

  percentiles(gathered: Gathered): Percentiles {
    this.#add(gathered);
    const found: Percentiles = new Map();
    for (const [i, name] of METRICS.entries()) {
      const lowest = this.#lowest[i];
      const end = this.#highest[i] + 1;
      if (lowest >= end) continue;
      const counts = this.#counts.subarray(lowest, end);
      const first = lowest - i * WIDTH;
      const [p50, p95, p99] = ranks(counts);
      found.set(name, [first + p50, first + p95, first + p99]);
      counts.fill(0);
    }
    return found;
  }

  #add({ days }: Gathered): void {
    const sums = this.#counts;
    const lowest = this.#lowest.fill(sums.length);
    const highest = this.#highest.fill(0);
    for (const { cells, members } of days) {
      const { starts, buckets, counts } = cells;
      for (const cell of members) {
        const first = cell * METRICS.length;
        for (let metric = 0; metric < METRICS.length; metric++) {
          const start = starts[first + metric];
          const end = starts[first + metric + 1];
          if (start === end) continue;
          const base = metric * WIDTH;
          lowest[metric] = Math.min(lowest[metric], base + buckets[start]);
          highest[metric] = Math.max(highest[metric], base + buckets[end - 1]);
          for (let i = start; i < end; i++) {
            sums[base + buckets[i]] += counts[i];
          }
        }
      }
    }
  }
}

/** Where the nearest ranks of the levels lie in counts. */
function ranks(counts: Float64Array): number[] {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  let at = 0;
  let passed = counts[0];
  return LEVELS.map(level => {
    const rank = Math.ceil(total * level);
    while (passed < rank) passed += counts[++at];
    return at;
  });
}
