import { KpiId, kpiDefinition, RowTargets } from '@naap/plugin-naap-common';
import { targetText } from './target';

const text = (id: KpiId, targets?: RowTargets) =>
  targetText(kpiDefinition(id), targets).replaceAll('\u202f', ' ');

describe('targetText', () => {
  it.each([
    ['e2e', 'target ≤ 3 s'],
    ['jitter', 'target ≤ 0.1'],
    ['failure_rate', 'target < 1 %'],
    ['cue', 'target ≥ 80 %'],
  ] as const)('is a round figure for %s', (id, expected) => {
    expect(text(id)).toBe(expected);
  });

  it('names where the target of a model comes from', () => {
    expect(
      text('output_fps', { fps: { value: 16, source: 'network_median' } }),
    ).toBe('target ≥ 16 fps, network median of 7 days');
    expect(
      text('startup', { startup_ms: { value: 9050, source: 'table' } }),
    ).toBe('target ≤ 9.05 s, set for the model');
  });

  it('tells several models from a model without a target', () => {
    expect(text('output_fps')).toBe('target per model');
    expect(text('output_fps', { fps: null })).toBe('no target for this model');
  });
});
