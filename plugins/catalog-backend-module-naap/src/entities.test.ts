import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { NAAP_ANNOTATIONS } from '@naap/plugin-naap-common';
import { inventory, lineage, node } from './__testUtils__/naap';
import { networkEntities, platformEntities } from './entities';

const INSTALLATION = {
  owner: 'group:default/owners',
  appUrl: 'https://portal.example',
  definitionUrl: 'https://portal.example/api/naap/v1/openapi.json',
};
const NOW = new Date('2026-01-31T12:00:00.000Z');

function platform(graph = lineage()): Record<string, Entity> {
  const entities = platformEntities(graph, '{"openapi":"3"}', INSTALLATION);
  return Object.fromEntries(entities.map(e => [stringifyEntityRef(e), e]));
}

function network(...asked: Parameters<typeof inventory>): Entity[] {
  return [...networkEntities(inventory(...asked), NOW, INSTALLATION)];
}

describe('platformEntities', () => {
  it('are related as the lineage is, over what is no entity', () => {
    const specs = Object.entries(platform()).map(([ref, { spec }]) => [
      ref,
      spec?.dependsOn,
    ]);
    expect(Object.fromEntries(specs)).toEqual({
      'domain:default/livepeer-ai': undefined,
      'system:default/naap': undefined,
      'group:default/livepeer-network': undefined,
      'resource:default/topic': [],
      'component:default/gate': ['resource:default/topic'],
      'resource:default/bronze': [
        'component:default/gate',
        'component:default/writer',
      ],
      'resource:default/gold': [
        'component:default/dbt',
        'resource:default/bronze',
        'resource:default/warehouse',
      ],
      'component:default/portal': ['resource:default/gold'],
      'api:default/api': undefined,
      'component:default/writer': ['component:default/gate'],
      'component:default/dbt': [
        'resource:default/bronze',
        'resource:default/warehouse',
      ],
      'resource:default/warehouse': undefined,
    });
  });

  it('are owned, described, and of the system', () => {
    const entities = Object.values(platform());
    expect(entities.filter(e => !e.metadata.description)).toEqual([]);
    const kinds = (lacks: (entity: Entity) => boolean) => [
      ...new Set(entities.filter(lacks).map(({ kind }) => kind)),
    ];
    expect(kinds(e => e.spec?.owner !== INSTALLATION.owner)).toEqual(['Group']);
    expect(kinds(e => e.spec?.system !== 'system:default/naap')).toEqual([
      'Domain',
      'System',
      'Group',
    ]);
  });

  it('carry the API as served, with who provides it', () => {
    const entities = platform();
    expect(entities['api:default/api'].spec).toMatchObject({
      type: 'openapi',
      definition: '{"openapi":"3"}',
    });
    expect(entities['component:default/portal'].spec?.providesApis).toEqual([
      'api:default/api',
    ]);
    expect(entities['component:default/gate'].spec?.providesApis).toBe(
      undefined,
    );
    expect(entities['api:default/api'].metadata.links).toContainEqual({
      title: 'OpenAPI document',
      url: INSTALLATION.definitionUrl,
    });
  });

  it('lead to their node of the lineage and to the runs of their step', () => {
    const entities = platform();
    const { metadata } = entities['resource:default/gold'];
    expect(metadata.annotations?.[NAAP_ANNOTATIONS.lineageNode]).toBe('gold');
    expect(metadata.links).toEqual([
      {
        title: 'Lineage',
        url: 'https://portal.example/naap/lineage?node=gold',
      },
    ]);
    const dbt = entities['component:default/dbt'].metadata;
    expect(dbt.annotations?.[NAAP_ANNOTATIONS.step]).toBe('build');
    expect(dbt.links).toEqual([
      {
        title: 'Runs',
        url: 'https://portal.example/naap/pipelines?step=build',
      },
    ]);
  });

  it('have the step of a component that is a node itself, such as the scraper', () => {
    const graph = lineage();
    graph.nodes[1].step = 'maintain';
    graph.nodes[2].step = 'commit';
    const steps = Object.entries(platform(graph)).flatMap(([ref, e]) => {
      const step = e.metadata.annotations?.[NAAP_ANNOTATIONS.step];
      return step ? [`${ref} ${step}`] : [];
    });
    expect(steps).toEqual([
      'component:default/gate maintain',
      'component:default/writer commit',
      'component:default/dbt build',
    ]);
  });

  it('leave out a part that nobody brings', () => {
    const graph = lineage();
    graph.nodes.push(
      node('lonely', {
        layer: 'gold',
        entity: {
          kind: 'Resource',
          name: 'lonely',
          type: 'table',
          tags: [],
          restsOn: ['nowhere'],
        },
      }),
    );
    expect(platform(graph)['resource:default/lonely'].spec?.dependsOn).toEqual(
      [],
    );
  });
});

describe('networkEntities', () => {
  it('are named by what the events name, which stands in an annotation', () => {
    const [orchestrator, model] = network(['0xab'], ['sd-turbo']);
    expect(orchestrator).toMatchObject({
      kind: 'Resource',
      metadata: { name: 'orchestrator-0xab', title: '0xab' },
      spec: { type: 'orchestrator', owner: 'group:default/livepeer-network' },
    });
    expect(orchestrator.metadata.annotations).toMatchObject({
      [NAAP_ANNOTATIONS.orchestrator]: '0xab',
    });
    expect(model).toMatchObject({
      metadata: { name: 'model-sd-turbo', title: 'sd-turbo' },
      spec: { type: 'ai-model' },
    });
    expect(model.metadata.links).toEqual([
      {
        title: 'Scorecard',
        url: 'https://portal.example/catalog/default/resource/model-sd-turbo/scorecard',
      },
      {
        title: 'Explorer',
        url: 'https://portal.example/naap?model=sd-turbo',
      },
    ]);
  });

  it('have the name of who runs them beside their address, as text that is no markup', () => {
    const address = '0x0074780feff1fd0277fad6ccdb5a29908df6051f';
    const { orchestrators, ...others } = inventory([address, '0xcd']);
    const told = [{ ...orchestrators[0], name: '\u202e<b>Acme</b>' }];
    const [{ metadata }, other] = networkEntities(
      { ...others, orchestrators: [...told, orchestrators[1]] },
      NOW,
      INSTALLATION,
    );
    expect(metadata.title).toBe('<b>Acme</b> (0x007478…8df6051f)');
    expect(metadata.name).toBe(`orchestrator-${address}`);
    expect(metadata.description).toBe(
      'Orchestrator of the Livepeer AI network.',
    );
    expect(metadata.annotations?.[NAAP_ANNOTATIONS.operator]).toBe(
      '\u202e<b>Acme</b>',
    );
    expect(other.metadata.annotations).not.toHaveProperty([
      NAAP_ANNOTATIONS.operator,
    ]);
  });

  it.each([
    ['2026-01-01T12:00:00.001Z', false],
    ['2026-01-01T11:59:59.999Z', true],
    [null, false],
  ])('last seen at %s are silent: %s', (lastSeenAt, silent) => {
    const [{ metadata }] = network(['0xab'], [], lastSeenAt);
    expect(metadata.tags?.includes('silent')).toBe(silent);
    expect(metadata.annotations?.[NAAP_ANNOTATIONS.silent]).toBe(
      silent ? 'true' : undefined,
    );
    expect(metadata.description?.includes('30 days')).toBe(silent);
  });

  it('whose URL another claims too are contested, all that claim it and no other', () => {
    const entities = networkEntities(
      {
        ...inventory(['0xab', '0xcd', '0xef'], ['0xab']),
        contested: new Set(['0xab', '0xcd', '0xunseen']),
      },
      NOW,
      INSTALLATION,
    );
    expect(
      [...entities].map(({ metadata: { title, tags, description } }) => [
        title,
        tags?.includes('contested'),
        description?.includes('claims'),
      ]),
    ).toEqual([
      ['0xab', true, true],
      ['0xcd', true, true],
      ['0xef', false, false],
      ['0xab', false, false],
    ]);
  });

  it('are the same all day long, so that the catalog has nothing to do', () => {
    expect(network(['0xab'], [], '2026-01-31T00:00:00.000Z')).toEqual(
      network(['0xab'], [], '2026-01-31T11:59:59.000Z'),
    );
  });
});
