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
    jitter_n: 100,
    jitter_mean: null,
    startup_ms: { n: 0, mean: null },
    e2e_ms: { n: 0, mean: null },
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
          failed: 4,
          swapped_served: 10,
          complete: 50,
          jitter_mean: 0.15,
          e2e_ms: { n: 90, mean: 1000 },
        }),
      ],
      NO_TARGETS,
    );
    const reliability = 0.8 * (6 / 9) + 0.2 * 0.75;
    expect(result.reliability).toBeCloseTo(reliability);
    expect(result.quality).toBeCloseTo((0.5 + 1) / 2);
    expect(result.score).toBeCloseTo(100 * (0.7 * reliability + 0.3 * 0.75));
    expect(result.completeness).toBe(0.5);
  });

  it.each([
    [0, 0, 1],
    [10, 50, 1],
    [50, 50, 0.8 * (5 / 9) + 0.2],
    [100, 0, 0.2],
    [900, 0, 0.2],
    [0, 150, 0.8 + 0.2 * 0.5],
    [0, 250, 0.8],
    [1000, 1000, 0],
  ])(
    'of 1000 served %d failed and %d swapped: reliability %d, from what is allowed to ten or five times as many',
    (failed, swapped_served, reliability) => {
      expect(
        slaScore([parts({ served: 1000, failed, swapped_served })], NO_TARGETS)
          .reliability,
      ).toBeCloseTo(reliability);
    },
  );

  it('is far from perfect with five times the failures that are allowed', () => {
    const { score } = slaScore(
      [parts({ served: 100, failed: 5, jitter_mean: 0.05 })],
      NO_TARGETS,
    );
    expect(score).toBeCloseTo(100 * (0.7 * (0.8 * (5 / 9) + 0.2) + 0.3));
  });

  it('takes an attainment of quality from the samples or requests on from which it is graded, of all models together', () => {
    const targets = () => ({ fps: 20, startupMs: 10_000 });
    const of = (samples: number, requests: number, jitters: number) =>
      slaScore(
        ['a', 'b'].map(model =>
          parts({
            model,
            fps_fed_mean: 20,
            fps_fed_samples: samples,
            jitter_mean: 0.1,
            jitter_n: jitters,
            startup_ms: { n: requests, mean: 10_000 },
            e2e_ms: { n: requests, mean: 3000 },
          }),
        ),
        targets,
      );
    expect(of(15, 5, 15).attainments).toEqual({
      fps: 1,
      startup: 1,
      e2e: 1,
      jitter: 1,
    });
    const too = of(14, 4, 14);
    expect(too.attainments).toEqual({
      fps: null,
      startup: null,
      e2e: null,
      jitter: null,
    });
    expect(too).toMatchObject({ quality: null, score: null, reliability: 1 });
  });

  it('is not moved by completeness: an outage of the monitor is no bad service', () => {
    const score = (complete: number) =>
      slaScore([parts({ complete, jitter_mean: 0.1 })], NO_TARGETS).score;
    expect(score(0)).toBe(score(100));
  });

  it('leaves out an attainment without a target', () => {
    const one = parts({ fps_fed_mean: 5, fps_fed_samples: 90, jitter_mean: 0 });
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
        startup_ms: { n: 25, mean: 20_000 },
        fps_fed_mean: 20,
        fps_fed_samples: 10,
      }),
      parts({
        model: 'b',
        served: 10,
        startup_ms: { n: 5, mean: 1 },
        fps_fed_mean: 10,
        fps_fed_samples: 30,
      }),
      parts({ model: 'none', served: 60, startup_ms: { n: 5, mean: 1 } }),
    ];
    const { attainments } = slaScore(models, model =>
      model === 'none' ? NO_TARGETS() : { fps: 20, startupMs: 10_000 },
    );
    expect(attainments.startup).toBeCloseTo((0 * 30 + 1 * 10) / 40);
    expect(attainments.fps).toBeCloseTo((1 * 1 + 0 * 3) / 4);
  });

  it('has the scores at the two ends of the Wilson intervals of its rates as its interval', () => {
    const some = parts({ failed: 3, swapped_served: 10, jitter_mean: 0.15 });
    const result = slaScore([some], NO_TARGETS);
    const at = (failed: number, swapped: number) =>
      100 *
      (0.7 * (0.8 * ((0.1 - failed) / 0.09) + 0.2 * ((0.25 - swapped) / 0.2)) +
        0.3 * 0.5);
    // 3 and 10 of 100, from the tables of the Wilson interval; the lower one of 3 is nearly what is allowed.
    expect(result.score_low).toBeCloseTo(at(0.0845, 0.1744), 1);
    expect(result.score_high).toBeCloseTo(at(0.0103, 0.0552), 0);
    const tenTimes = parts({
      ...some,
      served: 1000,
      failed: 30,
      swapped_served: 100,
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
