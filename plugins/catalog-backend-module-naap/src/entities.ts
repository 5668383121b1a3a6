import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  Entity,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { JsonObject } from '@backstage/types';
import {
  collapse,
  InventoryAnswer,
  LineageAnswer,
  LineageEntity,
  LineageNode,
  LineagePart,
  modelEntityName,
  NAAP_ANNOTATIONS,
  orchestratorEntityName,
  StepId,
} from '@naap/plugin-naap-common';
import { namedTitle } from './plainTitle';

/** What the catalog takes for the place that our entities come from. */
export const LOCATION = 'naap:lineage';
/** Who has not been named by an event for this long is silent. */
export const SILENT_AFTER_MS = 30 * 86_400_000;

const refOf = (kind: string, name: string) =>
  stringifyEntityRef({ kind, namespace: 'default', name });

const DOMAIN = 'livepeer-ai';
const SYSTEM = 'naap';
/** Whose the orchestrators and models are: nobody's here. */
const STRANGERS = 'livepeer-network';

/** What the entities say of the installation that they are in. */
export interface Installation {
  /** Entity ref of who runs the platform. */
  owner: string;
  /** Where the portal is, without a slash at the end. */
  appUrl: string;
  /** Where the OpenAPI document is. */
  definitionUrl: string;
}

/** The graph whole. */
export type Graph = Omit<LineageAnswer, 'next'>;

/** The network, as far as the catalog tells of it. */
export type Network = Pick<InventoryAnswer, 'orchestrators' | 'models'> & {
  /** Addresses that claim a URL which others claim too. */
  contested: ReadonlySet<string>;
};

interface Texts {
  title: string;
  description: string;
  tags?: string[];
  annotations?: Record<string, string>;
  links?: Entity['metadata']['links'];
}

function entity(
  kind: string,
  name: string,
  { annotations, ...texts }: Texts,
  spec: JsonObject,
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: {
      namespace: 'default',
      name,
      ...texts,
      annotations: {
        [ANNOTATION_LOCATION]: LOCATION,
        [ANNOTATION_ORIGIN_LOCATION]: LOCATION,
        ...annotations,
      },
    },
    spec,
  };
}

/** A node of the lineage that is an entity. */
type EntityNode = LineageNode & { entity: LineageEntity };
const isEntityNode = (node: LineageNode): node is EntityNode =>
  node.entity !== null;

/** For every node that is an entity the nodes that it is made from, over those that are none. */
function upstreamOf(
  lineage: Graph,
  nodes: EntityNode[],
): Map<string, EntityNode[]> {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const upstream = new Map<string, EntityNode[]>(nodes.map(n => [n.id, []]));
  for (const { from, to } of collapse(lineage.edges, new Set(byId.keys()))) {
    const node = byId.get(from);
    if (node) upstream.get(to)?.push(node);
  }
  return upstream;
}

/** References, sorted and each once; APIs can't be depended on. */
function dependencies(nodes: EntityNode[], parts: string[] = []): string[] {
  const refs = nodes
    .filter(node => node.entity.kind !== 'API')
    .map(node => refOf(node.entity.kind, node.entity.name));
  return [...new Set([...refs, ...parts])].sort();
}

/** What the platform and the network are parts of. */
function frameEntities({ owner, appUrl }: Installation): Entity[] {
  return [
    entity(
      'Domain',
      DOMAIN,
      {
        title: 'Livepeer AI network',
        description: 'Real-time AI video on the Livepeer network.',
      },
      { owner },
    ),
    entity(
      'System',
      SYSTEM,
      {
        title: 'NaaP analytics',
        description:
          'Measures how well the Livepeer AI network serves real-time video requests.',
        links: [
          { title: 'Explorer', url: `${appUrl}/naap` },
          { title: 'Lineage', url: `${appUrl}/naap/lineage` },
        ],
      },
      { owner, domain: refOf('Domain', DOMAIN) },
    ),
    entity(
      'Group',
      STRANGERS,
      {
        title: 'Livepeer network',
        description:
          'Whoever runs the orchestrators and makes the models that the events name; nobody of this installation.',
      },
      { type: 'community', children: [] },
    ),
  ];
}

/**
 * Domain, System, Components, Resources and the API of the platform, related as the lineage is: what an entity is made
 * from, and what it rests on, it depends on. Pure.
 *
 * @param definition - the OpenAPI document of the API, as served
 */
export function platformEntities(
  lineage: Graph,
  definition: string,
  installation: Installation,
): Entity[] {
  const { owner, appUrl, definitionUrl } = installation;
  const nodes = lineage.nodes.filter(isEntityNode);
  const upstream = upstreamOf(lineage, nodes);
  const partRefs = new Map(
    lineage.parts.map(part => [part.name, refOf(part.kind, part.name)]),
  );
  const refsOf = (parts: string[] = []) =>
    parts.flatMap(part => partRefs.get(part) ?? []);
  const owned = { owner, system: refOf('System', SYSTEM) };
  const production = { ...owned, lifecycle: 'production' };

  const stepAnnotation = (step: StepId | null): Record<string, string> =>
    step ? { [NAAP_ANNOTATIONS.step]: step } : {};
  const runLinks = (step: StepId | null) =>
    step
      ? [{ title: 'Runs', url: `${appUrl}/naap/pipelines?step=${step}` }]
      : [];

  const fromNode = (node: EntityNode): Entity => {
    const { kind, name, type, tags, restsOn } = node.entity;
    // The step that writes a table belongs to who runs it, which is a part.
    const step = kind === 'Component' ? node.step : null;
    const texts: Texts = {
      // A table is called the same in gold and in ClickHouse.
      title: kind === 'Resource' ? name : node.title,
      description: node.description,
      tags,
      annotations: {
        [NAAP_ANNOTATIONS.lineageNode]: node.id,
        ...stepAnnotation(step),
      },
      links: [
        ...runLinks(step),
        {
          title: 'Lineage',
          url: `${appUrl}/naap/lineage?${new URLSearchParams({
            node: node.id,
          })}`,
        },
        ...(kind === 'API'
          ? [{ title: 'OpenAPI document', url: definitionUrl }]
          : []),
      ],
    };
    if (kind === 'API') {
      return entity(kind, name, texts, { type, ...production, definition });
    }
    const dependsOn = dependencies(
      upstream.get(node.id) ?? [],
      refsOf(restsOn),
    );
    if (kind === 'Resource') {
      return entity(kind, name, texts, { type, ...owned, dependsOn });
    }
    const providesApis = nodes
      .filter(api => api.entity.kind === 'API')
      .filter(api => upstream.get(api.id)?.includes(node))
      .map(api => refOf('API', api.entity.name));
    return entity(kind, name, texts, {
      type,
      ...production,
      dependsOn,
      ...(providesApis.length > 0 && { providesApis }),
    });
  };

  const fromPart = (part: LineagePart): Entity => {
    const products = nodes.filter(n => n.entity.restsOn?.includes(part.name));
    const inputs = products
      .flatMap(product => upstream.get(product.id) ?? [])
      .filter(input => !products.includes(input));
    const texts: Texts = {
      title: part.title,
      description: part.description,
      tags: ['platform'],
      annotations: stepAnnotation(part.step),
      links: runLinks(part.step),
    };
    return part.kind === 'Component'
      ? entity('Component', part.name, texts, {
          type: part.type,
          ...production,
          dependsOn: dependencies(inputs, refsOf(part.restsOn)),
        })
      : entity('Resource', part.name, texts, { type: part.type, ...owned });
  };

  return [
    ...frameEntities(installation),
    ...nodes.map(fromNode),
    ...lineage.parts.map(fromPart),
  ];
}

/** Postgres keeps no NUL in a text. */
const storable = (text: string) => text.replaceAll('\0', '\ufffd');

/**
 * Orchestrators and AI models as the events name them. What they are called is strangers' text: it stands in the title,
 * without what is not seen, and whole in an annotation; never in a description, which is drawn as markup. One after the
 * other: there may be many. Pure.
 */
export function* networkEntities(
  { orchestrators, models, contested }: Network,
  now: Date,
  { appUrl }: Pick<Installation, 'appUrl'>,
): Generator<Entity> {
  const resource = (
    id: string,
    lastSeenAt: string | null,
    of: {
      name: string;
      type: string;
      description: string;
      dimension: 'orchestrator' | 'model';
      isContested?: boolean;
      /** Who runs it, as people told. */
      operator?: string | null;
    },
  ): Entity => {
    const silent =
      lastSeenAt !== null &&
      now.getTime() - Date.parse(lastSeenAt) > SILENT_AFTER_MS;
    const explorer = new URLSearchParams({ [of.dimension]: id });
    return entity(
      'Resource',
      of.name,
      {
        title: namedTitle(of.operator ?? null, id),
        description: [
          of.description,
          silent && 'Silent: no event has named it for 30 days.',
          of.isContested &&
            'Contested: another address claims a URL that it claims; what that URL serves is in no ranking.',
        ]
          .filter(Boolean)
          .join(' '),
        tags: [
          'livepeer',
          ...(silent ? ['silent'] : []),
          ...(of.isContested ? ['contested'] : []),
        ],
        annotations: {
          [NAAP_ANNOTATIONS[of.dimension]]: storable(id),
          ...(of.operator && {
            [NAAP_ANNOTATIONS.operator]: storable(of.operator),
          }),
          ...(lastSeenAt && {
            [NAAP_ANNOTATIONS.lastSeen]: lastSeenAt.slice(0, 10),
          }),
          ...(silent && { [NAAP_ANNOTATIONS.silent]: 'true' }),
        },
        links: [
          {
            title: 'Scorecard',
            url: `${appUrl}/catalog/default/resource/${of.name}/scorecard`,
          },
          { title: 'Explorer', url: `${appUrl}/naap?${explorer}` },
        ],
      },
      { type: of.type, owner: refOf('Group', STRANGERS) },
    );
  };
  for (const { orchestrator, last_seen_at, name } of orchestrators) {
    yield resource(orchestrator, last_seen_at, {
      name: orchestratorEntityName(orchestrator),
      type: 'orchestrator',
      description: 'Orchestrator of the Livepeer AI network.',
      dimension: 'orchestrator',
      isContested: contested.has(orchestrator),
      operator: name,
    });
  }
  for (const { model, last_seen_at } of models) {
    yield resource(model, last_seen_at, {
      name: modelEntityName(model),
      type: 'ai-model',
      description: 'AI model that orchestrators of the network offer.',
      dimension: 'model',
    });
  }
}
