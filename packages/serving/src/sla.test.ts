import {
  attainmentOfAtLeast,
  attainmentOfAtMost,
  SlaModelParts,
  slaScore,
} from './sla';

const NO_TARGETS = () => ({ fps: null, startupMs: null });

function parts(some: Partial<SlaModelParts>): SlaModelParts {
  return {
    model: 'm',
    served: 100,
    failed: 0,
    swapped_served: 0,
    complete: 100,
    fps_fed_samples: 0,
    fps_fed_mean: null,
    jitter_mean: null,
    startup_ms: { mean: null },
    e2e_ms: { mean: null },
    ...some,
  };
}

describe('attainment (kpis.md §4)', () => {
  it.each([
    [1500, 1],
    [3000, 1],
    [4500, 0.5],
    [6000, 0],
    [9000, 0],
  ])('%d ms of a target of 3000 ms is %d', (value, attainment) => {
    expect(attainmentOfAtMost(value, 3000)).toBeCloseTo(attainment);
  });

  it.each([
    [25, 1],
    [20, 1],
    [15, 0.5],
    [10, 0],
    [1, 0],
  ])('%d fps of a target of 20 fps is %d', (value, attainment) => {
    expect(attainmentOfAtLeast(value, 20)).toBeCloseTo(attainment);
  });
});

describe('slaScore', () => {
  it('is 70 % reliability and 30 % quality', () => {
    const result = slaScore(
      [
        parts({
          failed: 10,
          swapped_served: 20,
          complete: 50,
          jitter_mean: 0.15,
          e2e_ms: { mean: 1000 },
        }),
      ],
      NO_TARGETS,
    );
    expect(result.reliability).toBeCloseTo(0.8 * 0.9 + 0.2 * 0.8);
    expect(result.quality).toBeCloseTo((0.5 + 1) / 2);
    expect(result.score).toBeCloseTo(100 * (0.7 * 0.88 + 0.3 * 0.75));
    expect(result.completeness).toBe(0.5);
  });

  it('is not moved by completeness: an outage of the monitor is no bad service', () => {
    const score = (complete: number) =>
      slaScore([parts({ complete, jitter_mean: 0.1 })], NO_TARGETS).score;
    expect(score(0)).toBe(score(100));
  });

  it('leaves out an attainment without a target', () => {
    const one = parts({ fps_fed_mean: 5, fps_fed_samples: 9, jitter_mean: 0 });
    expect(slaScore([one], NO_TARGETS).attainments.fps).toBeNull();
    expect(slaScore([one], NO_TARGETS).quality).toBe(1);
    const withTarget = slaScore([one], () => ({ fps: 20, startupMs: null }));
    expect(withTarget.quality).toBe(0.5);
  });

  it('weights models by served requests, FPS by samples, over those that have one', () => {
    const models = [
      parts({
        model: 'a',
        served: 30,
        startup_ms: { mean: 20_000 },
        fps_fed_mean: 20,
        fps_fed_samples: 1,
      }),
      parts({
        model: 'b',
        served: 10,
        startup_ms: { mean: 1 },
        fps_fed_mean: 10,
        fps_fed_samples: 3,
      }),
      parts({ model: 'none', served: 60, startup_ms: { mean: 1 } }),
    ];
    const { attainments } = slaScore(models, model =>
      model === 'none' ? NO_TARGETS() : { fps: 20, startupMs: 10_000 },
    );
    expect(attainments.startup).toBeCloseTo((0 * 30 + 1 * 10) / 40);
    expect(attainments.fps).toBeCloseTo((1 * 1 + 0 * 3) / 4);
  });

  it('has the scores at the two ends of the Wilson intervals of its rates as its interval', () => {
    const some = parts({ failed: 10, swapped_served: 20, jitter_mean: 0.15 });
    const result = slaScore([some], NO_TARGETS);
    const at = (failed: number, swapped: number) =>
      100 * (0.7 * (0.8 * (1 - failed) + 0.2 * (1 - swapped)) + 0.3 * 0.5);
    // 10 and 20 of 100, from the tables of the Wilson interval.
    expect(result.score_low).toBeCloseTo(at(0.1744, 0.2888), 1);
    expect(result.score_high).toBeCloseTo(at(0.0552, 0.1334), 1);
    const tenTimes = parts({
      ...some,
      served: 1000,
      failed: 100,
      swapped_served: 200,
    });
    const narrower = slaScore([tenTimes], NO_TARGETS);
    expect(narrower.score).toBeCloseTo(result.score ?? NaN);
    expect(narrower.score_low).toBeGreaterThan(result.score_low ?? NaN);
    expect(narrower.score_high).toBeLessThan(result.score_high ?? NaN);
  });

  it('is "not enough data" under 10 served requests or without an attainment', () => {
    const good = { jitter_mean: 0.05 };
    expect(slaScore([parts({ ...good, served: 9 })], NO_TARGETS).score).toBe(
      null,
    );
    expect(slaScore([parts({ ...good, served: 10 })], NO_TARGETS).score).toBe(
      100,
    );
    expect(slaScore([parts({})], NO_TARGETS).score).toBeNull();
    expect(slaScore([], NO_TARGETS)).toMatchObject({
      score: null,
      score_low: null,
      score_high: null,
      reliability: null,
      completeness: null,
      served: 0,
    });
  });
});
