import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import type { LineageNode } from '@naap/plugin-naap-common';
import type { Graph, Network } from '../entities';

/** A node of the lineage that is an entity, unless told otherwise. */
export function node(
  id: string,
  more: Partial<LineageNode> & Pick<LineageNode, 'layer'>,
): LineageNode {
  return {
    id,
    type: 'table',
    title: `Title of ${id}`,
    description: `Description of ${id}.`,
    step: null,
    entity: { kind: 'Resource', name: id, type: 'table', tags: ['tag'] },
    detailed: false,
    state: null,
    ...more,
  };
}

/** topic → gate → bronze → silver (no entity) → gold → portal → API. */
export function lineage(): Graph {
  const service = (name: string) => ({
    kind: 'Component' as const,
    name,
    type: 'service',
    tags: [],
  });
  const made = (name: string, restsOn: string[]) => ({
    kind: 'Resource' as const,
    name,
    type: 'table',
    tags: ['tag'],
    restsOn,
  });
  const part = { type: 'database', description: 'A part.' };
  return {
    nodes: [
      node('topic', { layer: 'topic' }),
      node('gate', { layer: 'gate', entity: service('gate') }),
      node('bronze', {
        layer: 'bronze',
        entity: made('bronze', ['writer']),
      }),
      node('silver', { layer: 'silver', entity: null }),
      node('gold', {
        layer: 'gold',
        entity: made('gold', ['dbt', 'warehouse']),
      }),
      node('portal', {
        layer: 'serving',
        entity: service('portal'),
      }),
      node('api', {
        layer: 'consumer',
        entity: { kind: 'API', name: 'api', type: 'openapi', tags: [] },
      }),
    ],
    edges: [
      { from: 'topic', to: 'gate' },
      { from: 'gate', to: 'bronze' },
      { from: 'bronze', to: 'silver' },
      { from: 'silver', to: 'gold' },
      { from: 'gold', to: 'portal' },
      { from: 'portal', to: 'api' },
    ],
    parts: [
      {
        ...part,
        kind: 'Component',
        name: 'writer',
        title: 'W',
        step: 'commit',
      },
      {
        ...part,
        kind: 'Component',
        name: 'dbt',
        title: 'D',
        step: 'build',
        restsOn: ['warehouse'],
      },
      { ...part, kind: 'Resource', name: 'warehouse', title: 'H', step: null },
    ],
    problems: [],
  };
}

/** Orchestrators and models that the events named at a time. */
export function inventory(
  orchestrators: string[],
  models: string[] = [],
  lastSeenAt: string | null = new Date().toISOString(),
): Network {
  return {
    contested: new Set(),
    orchestrators: orchestrators.map(orchestrator => ({
      orchestrator,
      uris: [],
      gpus: [],
      models: [],
      first_seen_at: lastSeenAt,
      last_seen_at: lastSeenAt,
      version: null,
      name: null,
      contact: null,
      stake_lpt: null,
    })),
    models: models.map(model => ({
      model,
      pipeline: null,
      first_seen_at: lastSeenAt,
      last_seen_at: lastSeenAt,
      flops_per_frame: null,
    })),
  };
}

/** What a fake of the `naap` plugin answers; a test may change it while it runs. */
export interface NaapAnswers {
  lineage: Graph;
  inventory: Network;
  definition: object;
}

/** Stands for the `naap` plugin, as far as the catalog asks it. */
export function fakeNaap(answers: NaapAnswers) {
  return createBackendPlugin({
    pluginId: 'naap',
    register(env) {
      env.registerInit({
        deps: { httpRouter: coreServices.httpRouter },
        async init({ httpRouter }) {
          const byPath: Record<string, () => unknown> = {
            '/v1/lineage': () => answers.lineage,
            '/v1/inventory': () => answers.inventory,
            '/v1/contested': () => ({
              rows: [{ url: 'u', addresses: [...answers.inventory.contested] }],
              next: null,
            }),
            '/v1/openapi.json': () => answers.definition,
          };
          httpRouter.use((req, res) => {
            res.json(byPath[req.path]());
          });
        },
      });
    },
  });
}
