import { DeployRow } from '@naap/plugin-naap-common';
import { deployMarks } from './deploys';
import { Subject } from './subject';

const orchestrator: Subject = {
  kind: 'orchestrator',
  id: '0xa',
  others: 'model',
  filters: { orchestrator: ['0xa'] },
  lastSeen: null,
};
const steps = [
  { at: '2026-01-08T20:00:00.000Z' },
  { at: '2026-01-08T21:00:00.000Z' },
];
const deploy = (facts: Partial<DeployRow>): DeployRow => ({
  orchestrator: '0xa',
  model: 'sdxl',
  version: '0.14.1',
  first_seen_at: '2026-01-08T21:49:05.298Z',
  ...facts,
});

describe('deploys in a trend', () => {
  it('stand at the step in which the version was seen first', () => {
    expect(deployMarks([deploy({})], orchestrator, steps, 'hour')).toEqual([
      { at: '2026-01-08T21:00:00.000Z', label: 'sdxl 0.14.1' },
    ]);
  });

  it('of others and of other times are left out', () => {
    const rows = [
      deploy({ orchestrator: '0xb' }),
      deploy({ first_seen_at: '2026-01-08T22:00:00.000Z' }),
    ];
    expect(deployMarks(rows, orchestrator, steps, 'hour')).toEqual([]);
  });

  it('of one step are one mark that says how many more there are', () => {
    const rows = ['a', 'b', 'c', 'd'].map(model => deploy({ model }));
    expect(
      deployMarks(rows, orchestrator, steps, 'hour').map(mark => mark.label),
    ).toEqual(['a 0.14.1, b 0.14.1 and 2 more']);
  });

  it('of a model name the orchestrator', () => {
    const model: Subject = { ...orchestrator, kind: 'model', id: 'sdxl' };
    const [mark] = deployMarks([deploy({})], model, steps, 'hour');
    expect(mark.label).toBe('0xa 0.14.1');
  });
});
