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
  jitter_n: number;
  jitter_mean: number | null;
  startup_ms: { n: number; mean: number | null };
  e2e_ms: { n: number; mean: number | null };
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
/** Under this many samples, or requests, nothing is graded (docs/kpis.md §3): FPS and jitter, and all else. */
const MIN_SAMPLES = 30;
const MIN_REQUESTS = 10;

/** 1 at one value or better, 0 at the other or worse, linear between. */
function attainment(value: number, full: number, none: number): number {
  return Math.min(1, Math.max(0, (value - none) / (full - none)));
}

/** 1 up to the target, 0 from twice the target on. */
export function attainmentOfAtMost(value: number, target: number): number {
  return attainment(value, target, 2 * target);
}

/** 1 from the target up, 0 at half of it or less. */
export function attainmentOfAtLeast(value: number, target: number): number {
  return attainment(value, target, target / 2);
}

/** From the shares of failed and of swapped requests among the served ones. */
function reliabilityOf(failed: number, swapped: number): number {
  return (
    0.8 * attainment(failed, 0.01, 0.1) + 0.2 * attainment(swapped, 0.05, 0.25)
  );
}

interface Graded {
  attainment: number;
  weight: number;
  /** Samples or requests behind it. */
  n: number;
}

/** The attainment of a group from those of its models; null without one, or where there is too little behind them. */
function weightedMean(graded: Graded[], minimum: number): number | null {
  const total = (of: (one: Graded) => number) =>
    graded.reduce((sum, one) => sum + of(one), 0);
  const weights = total(({ weight }) => weight);
  return weights === 0 || total(({ n }) => n) < minimum
    ? null
    : total(one => one.attainment * one.weight) / weights;
}

function grade(
  attainmentOf: (value: number, target: number) => number,
  value: number | null,
  target: number | null,
  of: Omit<Graded, 'attainment'>,
): Graded[] {
  return value === null || target === null
    ? []
    : [{ attainment: attainmentOf(value, target), ...of }];
}

function mean(values: number[]): number | null {
  return values.length === 0
    ? null
    : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Scores a group from its parts per model. The interval is the score at the better and the worse end of the 95 % Wilson
 * intervals of failed / served and swapped and served / served, with the quality as it is. An attainment of quality is
 * at hand from as many samples or requests on, of all models that have one, as a scorecard grades.
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
  const over = (
    minimum: number,
    gradeModel: (parts: SlaModelParts) => Graded[],
  ) => weightedMean(models.flatMap(gradeModel), minimum);

  const attainments: ScoreRow['attainments'] = {
    fps: over(MIN_SAMPLES, m =>
      grade(attainmentOfAtLeast, m.fps_fed_mean, targetsOf(m.model).fps, {
        weight: m.fps_fed_samples,
        n: m.fps_fed_samples,
      }),
    ),
    startup: over(MIN_REQUESTS, m =>
      grade(
        attainmentOfAtMost,
        m.startup_ms.mean,
        targetsOf(m.model).startupMs,
        { weight: m.served, n: m.startup_ms.n },
      ),
    ),
    e2e: over(MIN_REQUESTS, m =>
      grade(attainmentOfAtMost, m.e2e_ms.mean, E2E_TARGET_MS, {
        weight: m.served,
        n: m.e2e_ms.n,
      }),
    ),
    jitter: over(MIN_SAMPLES, m =>
      grade(attainmentOfAtMost, m.jitter_mean, JITTER_TARGET, {
        weight: m.served,
        n: m.jitter_n,
      }),
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
