const Z = 1.959964;

/**
 * The 95 % Wilson score interval of a share (docs/kpis.md §3).
 * @returns fractions in [0, 1]; [0, 1] when there is no trial
 */
export function wilsonInterval(
  successes: number,
  trials: number,
): [low: number, high: number] {
  if (trials === 0) return [0, 1];
  const share = successes / trials;
  const z2 = (Z * Z) / trials;
  const centre = share + z2 / 2;
  const margin = Z * Math.sqrt((share * (1 - share) + z2 / 4) / trials);
  return [
    // At the ends the bound is exact; rounding would leave it a hair beside it.
    successes === 0 ? 0 : Math.max(0, (centre - margin) / (1 + z2)),
    successes === trials ? 1 : Math.min(1, (centre + margin) / (1 + z2)),
  ];
}

/** A quotient of additive parts: null, never 0 or NaN, when there is no evidence. */
export function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator;
}

const BASE = 1.02;

/** What a metric was multiplied by before it was put into a bucket (docs/kpis.md §3). */
const BUCKET_SCALE: Partial<Record<string, number>> = {
  jitter: 10_000,
  output_fps: 100,
  output_fps_fed: 100,
};

/** The middle of a logarithmic bucket in the unit of its metric, within 1 % of every value in it from 1 up. */
export function bucketMidValue(metric: string, bucket: number): number {
  return (2 * BASE ** bucket) / (1 + BASE) / (BUCKET_SCALE[metric] ?? 1);
}
