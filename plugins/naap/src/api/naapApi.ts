import {
  ApiBlueprint,
  createApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { NaapClient } from '@naap/plugin-naap-common';
import { patientFetch } from './patientFetch';

/** The read API of the platform. */
export const naapApiRef = createApiRef<NaapClient>().with({
  id: 'plugin.naap.client',
  pluginId: 'naap',
});

export const naapApi = ApiBlueprint.make({
  params: define =>
    define({
      api: naapApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) =>
        new NaapClient({
          baseUrl: 'plugin://naap/v1',
          fetch: patientFetch(fetchApi.fetch),
        }),
    }),
});
