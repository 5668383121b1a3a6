import type { KpiId } from '@naap/serving/contract';
import { kpiDefinition, KpiStatus, RowTargets } from './kpiCatalogue';
import { targetText, verdictReason, verdictText } from './verdict';

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

describe('verdictText', () => {
  const none = {
    met: 0,
    not_met: 0,
    too_few: 0,
    inconclusive: 0,
    no_target: 0,
  };
  const graded = { status: 'met' as KpiStatus, target: null };

  it('has a word for each state', () => {
    const words = (
      ['met', 'not_met', 'too_few', 'inconclusive', 'no_target'] as const
    ).map(status => verdictText({ status, target: null, models: null }));
    expect(new Set(words).size).toBe(5);
  });

  it.each([
    [{ met: 2, not_met: 2 }, '2 of 4 models meet it', null],
    [{ met: 1, too_few: 1 }, '1 of 1 model meets it', '1 too few'],
    [
      { met: 2, not_met: 1, no_target: 1, too_few: 2 },
      '2 of 3 models meet it',
      '2 too few, 1 without a target',
    ],
    [{ too_few: 2 }, 'too few for each of 2 models', null],
    [{ no_target: 2 }, 'no target for 2 models', null],
  ])('counts models that are graded: %p', (models, expected, reason) => {
    const grade = { ...graded, models: { ...none, ...models } };
    const definition = kpiDefinition('output_fps');
    const reading = { evidence: 7 } as ReturnType<typeof definition.read>;
    expect(verdictText(grade)).toBe(expected);
    expect(verdictReason(definition, reading, grade)).toBe(reason);
  });
});

describe('verdictReason', () => {
  const definition = kpiDefinition('failure_rate');
  const reading = { evidence: 7 } as ReturnType<typeof definition.read>;

  it('says what is missing, and when the interval holds the target', () => {
    const reasonOf = (status: KpiStatus) =>
      verdictReason(definition, reading, {
        status,
        target: null,
        models: null,
      });
    expect(reasonOf('too_few')).toBe('7 of the 10 requests needed');
    expect(reasonOf('inconclusive')).toBe('the interval holds the target');
    expect(reasonOf('met')).toBeNull();
  });
});
