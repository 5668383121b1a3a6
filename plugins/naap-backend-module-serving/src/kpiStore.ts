import { InputError, ServiceUnavailableError } from '@backstage/errors';
import type { KpiStore } from '@naap/plugin-naap-node';
import {
  InvalidQueryError,
  PublicationInterruptedError,
  type Serving,
} from '@naap/serving';

/** Errors of the serving layer as those that the API has a status for. */
async function translated<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof InvalidQueryError) throw new InputError(error.message);
    if (error instanceof PublicationInterruptedError) {
      throw new ServiceUnavailableError(error.message, error);
    }
    throw error;
  }
}

/** What the API reads from ClickHouse. */
export function createKpiStore(
  serving: Pick<Serving, 'kpis' | 'requests' | 'dimensions' | 'state'>,
): KpiStore {
  return {
    kpis: query => translated(serving.kpis(query)),
    requests: query => translated(serving.requests(query)),
    dimensions: window => translated(serving.dimensions(window)),
    state: () => translated(serving.state()),
  };
}
