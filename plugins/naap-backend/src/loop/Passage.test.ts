import { logPositions } from '@naap/ingestion';
import { Passage } from './Passage';

describe('Passage', () => {
  it('says what is served: what the commit before the build took', () => {
    const passage = new Passage();
    expect(passage.done('commit', logPositions(5))).toBeUndefined();
    expect(passage.done('build', logPositions(7))).toBeUndefined();
    expect(passage.done('sync', logPositions(9))).toEqual(logPositions(5));
    expect(passage.done('sync', logPositions(9))).toBeUndefined();
  });

  it('takes what was committed after a build for not served by it', () => {
    const passage = new Passage();
    for (const step of ['commit', 'build', 'sync'] as const) {
      passage.done(step, logPositions(5));
    }
    passage.done('commit', logPositions(8));
    expect(passage.done('sync', logPositions(8))).toBeUndefined();
    passage.done('build', logPositions(8));
    expect(passage.done('sync', logPositions(8))).toEqual(logPositions(8));
  });
});
