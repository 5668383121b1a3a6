import { kpiDefinition } from '@naap/plugin-naap-common';
import { kpiRow } from '../testing/answers';
import { heatMapOf, heatScale, heatShade } from './heatMap';

const pair = (
  orchestrator: string | null,
  model: string | null,
  requests: number,
) => kpiRow({ orchestrator, model, requests });

describe('heatMapOf', () => {
  const rows = [
    pair('0xa', 'x', 5),
    pair('0xb', 'x', 3),
    pair('0xb', 'y', 9),
    pair('0xc', null, 1),
    pair(null, null, 7),
  ];

  it('has the busiest first, and says what it leaves out', () => {
    const map = heatMapOf(rows, { orchestrators: 2, models: 1 });
    expect(map.orchestrators).toEqual(['0xb', '0xa']);
    expect(map.models).toEqual(['y']);
    expect(map.hidden).toEqual({ orchestrators: 1, models: 2 });
    expect(map.unattributed).toBe(7);
  });

  it('shows all without a limit, also those without a model', () => {
    const map = heatMapOf(rows, null);
    expect(map.orchestrators).toEqual(['0xb', '0xa', '0xc']);
    expect(map.models).toEqual(['y', 'x', null]);
    expect(map.hidden).toEqual({ orchestrators: 0, models: 0 });
    expect(map.cell('0xc', null)?.requests).toBe(1);
    expect(map.cell('0xa', 'y')).toBeUndefined();
  });
});

describe('the shade of a cell', () => {
  const failures = kpiDefinition('failure_rate');
  const fps = kpiDefinition('output_fps');
  const failing = (failure_rate: number | null, requests = 50) =>
    kpiRow({ failure_rate, requests });

  it('goes from the best to the worst, whichever way is better', () => {
    const rows = [0, 0.05, 0.1].map(rate => failing(rate));
    const scale = heatScale(failures, rows);
    expect(rows.map(row => heatShade(failures, row, scale))).toEqual([0, 2, 4]);
    const fast = [10, 20].map(fps_mean =>
      kpiRow({ fps_mean, fps_samples: 99 }),
    );
    expect(fast.map(row => heatShade(fps, row, heatScale(fps, fast)))).toEqual([
      4, 0,
    ]);
  });

  it('is none without enough data, which moves no scale either', () => {
    const rows = [failing(0), failing(0.1), failing(1, 9), failing(null)];
    const scale = heatScale(failures, rows);
    expect(scale).toEqual({ best: 0, worst: 0.1 });
    expect(rows.map(row => heatShade(failures, row, scale))).toEqual([
      0,
      4,
      null,
      null,
    ]);
    expect(heatScale(failures, [failing(1, 9)])).toBeNull();
  });

  it('is the best where all are the same', () => {
    expect(heatShade(failures, failing(0.3), { best: 0.3, worst: 0.3 })).toBe(
      0,
    );
  });
});
