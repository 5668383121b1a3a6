import { kpiDefinition } from '@naap/plugin-naap-common';
import { kpiRow, scoreRow } from '../testing/answers';
import { bestOfKpi, bestOfScores, comparedOf } from './compared';

const SDXL = {
  model: 'sdxl',
  fps: { value: 16, source: 'table' as const },
  ptff_ms: null,
  startup_ms: null,
};
const samples = { requests: 50, fps_samples: 100, fps_mean: 17 };

describe('what is compared', () => {
  it('stands in the order of the URL, also where nothing is known of it', () => {
    const compared = comparedOf('orchestrator', ['b', 'a'], {
      totals: [kpiRow({ orchestrator: 'a', requests: 3 })],
      pairs: undefined,
      scores: [scoreRow({ key: 'a' })],
      targets: undefined,
    });
    expect(
      compared.map(({ id, row, score }) => [id, row?.requests, score?.key]),
    ).toEqual([
      ['b', undefined, undefined],
      ['a', 3, 'a'],
    ]);
  });

  it('is graded by the target of a model only where all its values are of that model', () => {
    const pairs = [
      kpiRow({ orchestrator: 'a', model: 'sdxl', ...samples }),
      kpiRow({ orchestrator: 'b', model: 'sdxl', ...samples }),
      kpiRow({ orchestrator: 'b', model: 'depth', ...samples, requests: 60 }),
    ];
    const [a, b] = comparedOf('orchestrator', ['a', 'b'], {
      totals: [],
      pairs,
      scores: [],
      targets: [SDXL],
    });
    expect(a.targets.fps).toEqual(SDXL.fps);
    expect(b.targets.fps).toBeUndefined();
    expect(b.others).toEqual(['depth', 'sdxl']);
  });

  it('has a best one by the interval of a rate, and none without an interval', () => {
    const rate = (id: string, low: number, high: number) =>
      kpiRow({
        orchestrator: id,
        ...samples,
        failure_rate: (low + high) / 2,
        failure_rate_low: low,
        failure_rate_high: high,
      });
    const compared = comparedOf('orchestrator', ['a', 'b'], {
      totals: [rate('a', 0.1, 0.2), rate('b', 0.01, 0.05)],
      pairs: [],
      scores: [],
      targets: [],
    });
    expect(bestOfKpi(kpiDefinition('failure_rate'), compared)).toBe(1);
    expect(bestOfKpi(kpiDefinition('output_fps'), compared)).toBeNull();
  });

  it('has a best score only where the intervals of the scores lie apart', () => {
    const scored = (...scores: Array<[number | null, number | null]>) =>
      comparedOf(
        'model',
        scores.map((_, index) => String(index)),
        {
          totals: [],
          pairs: [],
          targets: [],
          scores: scores.map(([low, high], index) =>
            scoreRow({ key: String(index), score_low: low, score_high: high }),
          ),
        },
      );
    expect(bestOfScores(scored([80, 84], [85, 90]))).toBe(1);
    expect(bestOfScores(scored([80, 86], [85, 90]))).toBeNull();
    expect(bestOfScores(scored([80, 86], [null, null]))).toBeNull();
  });
});
