import type { IncomingMessage } from 'node:http';
import {
  modelEntityName,
  orchestratorEntityName,
} from '../plugins/naap-common/src/entityNames.ts';
import type { Member } from './fakeNetwork.ts';

interface FakeEntity {
  kind: string;
  metadata: Record<string, unknown>;
  [other: string]: unknown;
}

/** It is in the catalog and in no number. */
export const SILENT_ORCHESTRATOR = `0x${'51'.repeat(20)}`;

/** The catalog as far as entity pages ask it: the orchestrators and models of a network, and a component of the pipeline. */
export class FakeCatalog {
  readonly #byRef = new Map<string, FakeEntity>();

  constructor(network: Member[]) {
    for (const { orchestrator, model } of network) {
      if (orchestrator !== null) {
        this.#add(
          'orchestrator',
          orchestratorEntityName(orchestrator),
          orchestrator,
        );
      }
      if (model !== null) {
        this.#add('model', modelEntityName(model), model);
      }
    }
    this.#add(
      'orchestrator',
      orchestratorEntityName(SILENT_ORCHESTRATOR),
      SILENT_ORCHESTRATOR,
    );
    // The component that the step `build` belongs to.
    this.#byRef.set('component:default/naap-dbt', {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        uid: 'naap-dbt',
        etag: 'naap-dbt',
        namespace: 'default',
        name: 'naap-dbt',
        title: 'dbt project',
        annotations: { 'naap.livepeer.org/step': 'build' },
      },
      spec: {
        type: 'dbt-project',
        lifecycle: 'production',
        owner: 'group:default/naap-operators',
      },
      relations: [],
    });
  }

  #add(kind: 'orchestrator' | 'model', name: string, id: string) {
    this.#byRef.set(`resource:default/${name}`, {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Resource',
      metadata: {
        uid: name,
        etag: name,
        namespace: 'default',
        name,
        title: id,
        description: 'Of the Livepeer AI network.',
        tags: ['livepeer'],
        annotations: {
          [`naap.livepeer.org/${kind}`]: id,
          'naap.livepeer.org/last-seen': '2026-01-08',
        },
      },
      spec: {
        type: kind === 'model' ? 'ai-model' : 'orchestrator',
        owner: 'group:default/naap-operators',
      },
      relations: [],
    });
  }

  /** The answer to a request of the catalog client; undefined where there is none. */
  async answer(request: IncomingMessage, url: URL): Promise<unknown> {
    const path = url.pathname.slice('/api/catalog'.length);
    const name = /^\/entities\/by-name\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path);
    if (name) {
      const [kind, namespace, id] = name.slice(1).map(decodeURIComponent);
      return this.#byRef.get(`${kind}:${namespace}/${id}`.toLowerCase());
    }
    if (path === '/entities/by-refs') {
      const { entityRefs } = JSON.parse(await bodyOf(request)) as {
        entityRefs: string[];
      };
      return {
        items: entityRefs.map(
          ref => this.#byRef.get(ref.toLowerCase()) ?? null,
        ),
      };
    }
    if (path.endsWith('/ancestry')) {
      return { rootEntityRef: '', items: [] };
    }
    return path === '/entity-facets'
      ? { facets: {} }
      : { items: [], totalItems: 0, pageInfo: {} };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) {
    body += chunk;
  }
  return body;
}
