import { kpiDefinition } from '@naap/plugin-naap-common';
import { kpiRow } from '../testing/answers';
import { heatMapOf, heatReferences, heatShade } from './heatMap';

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
    kpiRow({ model: 'x', orchestrator: '0xa', failure_rate, requests });
  const running = (model: string, fps_mean: number, fps_samples = 99) =>
    kpiRow({ model, orchestrator: '0xa', fps_mean, fps_samples });

  it('tells how many times worse than the target it is', () => {
    const rows = [0, 0.01, 0.012, 0.015, 0.02, 0.021].map(rate =>
      failing(rate),
    );
    const references = heatReferences(failures, rows, []);
    expect(references).toEqual(new Map([['x', 0.01]]));
    expect(rows.map(row => heatShade(failures, row, references))).toEqual([
      0, 0, 1, 2, 3, 4,
    ]);
  });

  it('holds a model against its own target or median, never against other models', () => {
    const slow = { model: 'slow', ptff_ms: null, startup_ms: null };
    const targets = [{ ...slow, fps: { value: 8, source: 'table' as const } }];
    const rows = [
      running('slow', 8),
      running('fast', 25),
      running('fast', 24),
      running('fast', 12),
    ];
    const references = heatReferences(fps, rows, targets);
    expect([...references]).toEqual([
      ['slow', 8],
      ['fast', 24],
    ]);
    expect(rows.map(row => heatShade(fps, row, references))).toEqual([
      0, 0, 0, 3,
    ]);
  });

  it('is none without enough data, which moves no median either', () => {
    const rows = [running('a', 20), running('a', 1, 29)];
    const references = heatReferences(fps, rows, []);
    expect(references.get('a')).toBe(20);
    expect(heatShade(fps, rows[1], references)).toBeNull();
    expect(heatReferences(fps, [rows[1]], []).size).toBe(0);
    expect(heatShade(failures, failing(1, 9), new Map([['x', 1]]))).toBeNull();
  });

  it('knows a reference of zero', () => {
    const none = new Map([['x', 0]]);
    expect(heatShade(failures, failing(0), none)).toBe(0);
    expect(heatShade(failures, failing(0.1), none)).toBe(4);
  });
});
