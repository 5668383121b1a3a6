import { InvalidQueryError, PublicationInterruptedError } from '@naap/serving';
import { createKpiStore } from './kpiStore';

const failing = (error: Error) => {
  const fail = () => Promise.reject(error);
  return createKpiStore({
    kpis: fail,
    requests: fail,
    dimensions: fail,
    state: fail,
  });
};

describe('createKpiStore', () => {
  it.each([
    { error: new InvalidQueryError("'from' is odd"), name: 'InputError' },
    {
      error: new PublicationInterruptedError('two builds'),
      name: 'ServiceUnavailableError',
    },
    { error: new TypeError('a bug'), name: 'TypeError' },
  ])('turns $error.name into $name', async ({ error, name }) => {
    const store = failing(error);
    for (const answer of [
      () => store.kpis({}),
      () => store.requests({}),
      () => store.dimensions({}),
      () => store.state(),
    ]) {
      await expect(answer()).rejects.toMatchObject({ name });
    }
  });
});
