import { kpiRow, scoreRow } from '../testing/answers';
import { firstDirection, sortRows } from './sortRows';

const rows = [
  kpiRow({ orchestrator: '0xb', requests: 5, fps_mean: null }),
  kpiRow({ orchestrator: null, requests: 900, fps_mean: 99 }),
  kpiRow({ orchestrator: '0xc', requests: 5, fps_mean: 0 }),
  kpiRow({ orchestrator: '0xa', requests: 5, fps_mean: 12 }),
];
const order = (...args: Parameters<typeof sortRows>) =>
  sortRows(...args).map(row => row.orchestrator);

describe('sortRows', () => {
  it('puts nulls last in both directions, zero is no null', () => {
    expect(order(rows, { column: 'output_fps', direction: 'asc' })).toEqual([
      '0xc',
      '0xa',
      '0xb',
      null,
    ]);
    expect(order(rows, { column: 'output_fps', direction: 'desc' })).toEqual([
      '0xa',
      '0xc',
      '0xb',
      null,
    ]);
  });

  it('never ranks the row without an orchestrator, however large it is', () => {
    expect(order(rows, { column: 'requests', direction: 'desc' })).toEqual([
      '0xa',
      '0xb',
      '0xc',
      null,
    ]);
    expect(order(rows, { column: 'orchestrator', direction: 'desc' })).toEqual([
      '0xc',
      '0xb',
      '0xa',
      null,
    ]);
  });

  it('ranks by the lower bound of the score, without enough data last', () => {
    const scores = new Map(
      [
        scoreRow({ key: '0xa', score: 99, score_low: 40 }),
        scoreRow({ key: '0xb', score: null, score_low: null }),
        scoreRow({ key: '0xc', score: 90, score_low: 85 }),
      ].map(score => [score.key, score]),
    );
    const ranked = (direction: 'asc' | 'desc') =>
      order(rows, { column: 'score', direction }, scores);
    expect(ranked('desc')).toEqual(['0xc', '0xa', '0xb', null]);
    expect(ranked('asc')).toEqual(['0xa', '0xc', '0xb', null]);
  });

  it('leaves the rows that it was given as they were', () => {
    const given = [...rows];
    sortRows(given, { column: 'requests', direction: 'asc' });
    expect(given).toEqual(rows);
  });

  it('begins with the worst', () => {
    expect(firstDirection('failure_rate')).toBe('desc');
    expect(firstDirection('output_fps')).toBe('asc');
    expect(firstDirection('orchestrator')).toBe('asc');
  });
});
