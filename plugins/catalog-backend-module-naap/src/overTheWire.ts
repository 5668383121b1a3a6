import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  allPages,
  NAAP_ANNOTATIONS,
  NaapClient,
} from '@naap/plugin-naap-common';
import { LOCATION } from './entities';
import type { Held, NaapReader } from './NaapEntityProvider';

/** Asks the `naap` plugin, wherever it runs, as the catalog. */
export function naapReader(options: {
  auth: AuthService;
  discovery: DiscoveryService;
}): NaapReader {
  const { auth, discovery } = options;

  async function baseUrl(): Promise<string> {
    return `${await discovery.getBaseUrl('naap')}/v1`;
  }
  async function authorized(url: string, init: RequestInit = {}) {
    const { token } = await auth.getPluginRequestToken({
      onBehalfOf: await auth.getOwnServiceCredentials(),
      targetPluginId: 'naap',
    });
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${token}`);
    return fetch(url, { ...init, headers });
  }
  async function client(): Promise<NaapClient> {
    return new NaapClient({ baseUrl: await baseUrl(), fetch: authorized });
  }

  return {
    lineage: async signal => {
      const naap = await client();
      const whole = await allPages(cursor =>
        naap.lineage({ cursor }, { signal }),
      );
      return {
        nodes: whole.flatMap(({ nodes }) => nodes),
        edges: whole.flatMap(({ edges }) => edges),
        parts: whole.flatMap(({ parts }) => parts),
        // On every page the same.
        problems: whole[0].problems,
      };
    },
    inventory: async signal => {
      const naap = await client();
      const [whole, contested] = await Promise.all([
        allPages(cursor => naap.inventory({ cursor }, { signal })),
        allPages(cursor => naap.contested({ cursor }, { signal })),
      ]);
      return {
        contested: new Set(
          contested.flatMap(({ rows }) => rows).flatMap(row => row.addresses),
        ),
        orchestrators: whole.flatMap(({ orchestrators }) => orchestrators),
        models: whole.flatMap(({ models }) => models),
      };
    },
    definition: async signal => {
      const url = `${await baseUrl()}/openapi.json`;
      const response = await authorized(url, { signal });
      if (!response.ok) throw await ResponseError.fromResponse(response);
      return response.text();
    },
  };
}

/** Asks the catalog which entities it holds of our provider. */
export async function heldByCatalog(
  catalog: CatalogService,
  auth: AuthService,
): Promise<Held> {
  const { items } = await catalog.getEntities(
    {
      filter: {
        'metadata.annotations.backstage.io/managed-by-location': LOCATION,
      },
      fields: [
        'kind',
        'metadata.namespace',
        'metadata.name',
        'metadata.annotations',
      ],
    },
    { credentials: await auth.getOwnServiceCredentials() },
  );
  const isOfNetwork = ({ metadata: { annotations = {} } }: Entity) =>
    NAAP_ANNOTATIONS.orchestrator in annotations ||
    NAAP_ANNOTATIONS.model in annotations;
  const held: Held = { platform: new Map(), network: new Map() };
  for (const item of items) {
    const known = isOfNetwork(item) ? held.network : held.platform;
    known.set(stringifyEntityRef(item), null);
  }
  return held;
}
