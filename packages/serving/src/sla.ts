import { ScoreRow } from './contract';
import { wilsonInterval } from './statistics';

/**
 * The SLA score (docs/kpis.md §4): one number from 0 to 100 for an orchestrator, a model or a GPU over a window.
 */

/** What the score needs of one model of the group: the names are those of `KpiRow`. */
export interface SlaModelParts {
  model: string | null;
  served: number;
  failed: number;
  swapped_served: number;
  complete: number;
  fps_fed_samples: number;
  fps_fed_mean: number | null;
  jitter_mean: number | null;
  startup_ms: { mean: number | null };
  e2e_ms: { mean: number | null };
}

/** Targets of one model; null where neither a table nor the network's past gives one. */
export interface SlaTargets {
  fps: number | null;
  startupMs: number | null;
}

/** Targets that hold for every model. */
export const JITTER_TARGET = 0.1;
export const E2E_TARGET_MS = 3000;

/** Under this many served requests there is no score. */
const MIN_SERVED = 10;

function clamp(x: number): number {
  return Math.min(1, Math.max(0, x));
}

/** 1 up to the target, 0 from twice the target on, linear between. */
export function attainmentOfAtMost(value: number, target: number): number {
  return clamp(2 - value / target);
}

/** 1 from the target up, 0 at half of it or less, linear between. */
export function attainmentOfAtLeast(value: number, target: number): number {
  return clamp(2 * (value / target) - 1);
}

interface Graded {
  attainment: number;
  weight: number;
}

function weightedMean(graded: Array<Graded | null>): number | null {
  let sum = 0;
  let weights = 0;
  for (const one of graded) {
    if (!one) continue;
    sum += one.attainment * one.weight;
    weights += one.weight;
  }
  return weights === 0 ? null : sum / weights;
}

function grade(
  attainment: (value: number, target: number) => number,
  value: number | null,
  target: number | null,
  weight: number,
): Graded | null {
  return value === null || target === null
    ? null
    : { attainment: attainment(value, target), weight };
}

/** What is left of 1 after the shares of failed and of swapped requests. */
function reliabilityOf(failed: number, swapped: number): number {
  return 0.8 * (1 - failed) + 0.2 * (1 - swapped);
}

function mean(values: number[]): number | null {
  return values.length === 0
    ? null
    : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Scores a group from its parts per model. The interval is the score at the better and the worse end of the 95 % Wilson
 * intervals of failed / served and swapped and served / served, with the quality as it is.
 *
 * @param targetsOf the targets of a model, of which either may be null
 */
export function slaScore(
  models: SlaModelParts[],
  targetsOf: (model: string | null) => SlaTargets,
): Omit<ScoreRow, 'key'> {
  const total = (
    part: 'served' | 'failed' | 'swapped_served' | 'complete',
  ): number => models.reduce((sum, model) => sum + model[part], 0);
  const over = (gradeModel: (parts: SlaModelParts) => Graded | null) =>
    weightedMean(models.map(gradeModel));

  const attainments: ScoreRow['attainments'] = {
    fps: over(m =>
      grade(
        attainmentOfAtLeast,
        m.fps_fed_mean,
        targetsOf(m.model).fps,
        m.fps_fed_samples,
      ),
    ),
    startup: over(m =>
      grade(
        attainmentOfAtMost,
        m.startup_ms.mean,
        targetsOf(m.model).startupMs,
        m.served,
      ),
    ),
    e2e: over(m =>
      grade(attainmentOfAtMost, m.e2e_ms.mean, E2E_TARGET_MS, m.served),
    ),
    jitter: over(m =>
      grade(attainmentOfAtMost, m.jitter_mean, JITTER_TARGET, m.served),
    ),
  };
  const served = total('served');
  const failed = total('failed');
  const swapped = total('swapped_served');
  const quality = mean(
    Object.values(attainments).filter(value => value !== null),
  );
  const score = (reliability: number): number | null =>
    served >= MIN_SERVED && quality !== null
      ? 100 * (0.7 * reliability + 0.3 * quality)
      : null;
  const [failedLow, failedHigh] = wilsonInterval(failed, served);
  const [swappedLow, swappedHigh] = wilsonInterval(swapped, served);
  const reliability =
    served === 0 ? null : reliabilityOf(failed / served, swapped / served);
  return {
    score: reliability === null ? null : score(reliability),
    score_low: score(reliabilityOf(failedHigh, swappedHigh)),
    score_high: score(reliabilityOf(failedLow, swappedLow)),
    reliability,
    quality,
    attainments,
    served,
    completeness: served === 0 ? null : total('complete') / served,
  };
}
