import { kpiRow } from '../testing/answers';
import { facetsByOrchestrator, facetsOf } from './facets';

describe('facets of an orchestrator', () => {
  const facets = facetsByOrchestrator([
    kpiRow({ orchestrator: 'a', model: 'x', gpu: null, requests: 1 }),
    kpiRow({ orchestrator: 'a', model: 'y', region: 'fra', requests: 5 }),
    kpiRow({ orchestrator: null, model: 'z', requests: 9 }),
  ]);

  it('come most used first, without the unknown', () => {
    expect(facetsOf(facets, 'a')).toEqual({
      models: ['y', 'x'],
      gpus: [],
      regions: ['fra'],
    });
  });

  it('are empty where nothing is known', () => {
    expect(facetsOf(facets, null).models).toEqual([]);
    expect(facetsOf(undefined, 'a').models).toEqual([]);
  });
});
