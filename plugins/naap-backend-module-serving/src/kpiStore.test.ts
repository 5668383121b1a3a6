import type { KpiStore } from '@naap/plugin-naap-node';
import {
  BusyError,
  InvalidQueryError,
  PublicationInterruptedError,
} from '@naap/serving';
import { createKpiStore } from './kpiStore';

const failing = (error: Error) => {
  const fail = () => Promise.reject(error);
  return createKpiStore({
    kpis: fail,
    requests: fail,
    dimensions: fail,
    hasValue: fail,
    scores: fail,
    targets: fail,
    supply: fail,
    availability: fail,
    gpus: fail,
    swaps: fail,
    ingestStats: fail,
    inventory: fail,
    contested: fail,
    tables: fail,
    state: fail,
  });
};

const QUESTIONS: Record<keyof KpiStore, (store: KpiStore) => Promise<unknown>> =
  {
    kpis: store => store.kpis({}),
    requests: store => store.requests({}),
    dimensions: store => store.dimensions({}),
    hasValue: store => store.hasValue('model', 'm'),
    scores: store => store.scores({ by: 'model' }),
    targets: store => store.targets({}),
    supply: store => store.supply({}),
    availability: store => store.availability({}),
    gpus: store => store.gpus({}),
    swaps: store => store.swaps({}),
    ingestStats: store => store.ingestStats({}),
    inventory: store => store.inventory({}),
    contested: store => store.contested({}),
    tables: store => store.tables(),
    state: store => store.state(),
  };

describe('createKpiStore', () => {
  it.each([
    { error: new InvalidQueryError("'from' is odd"), name: 'InputError' },
    {
      error: new PublicationInterruptedError('two builds'),
      name: 'ServiceUnavailableError',
    },
    { error: new BusyError('too much'), name: 'ServiceUnavailableError' },
    { error: new TypeError('a bug'), name: 'TypeError' },
  ])('turns $error.name into $name', async ({ error, name }) => {
    const store = failing(error);
    for (const ask of Object.values(QUESTIONS)) {
      await expect(ask(store)).rejects.toMatchObject({ name });
    }
  });
});
