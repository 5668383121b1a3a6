import { TestDatabases } from '@backstage/backend-test-utils';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { NAAP_ANNOTATIONS } from '@naap/plugin-naap-common';
import { startCatalog } from './__testUtils__/catalog';
import { inventory, lineage, NaapAnswers } from './__testUtils__/naap';

/** What strangers may call an orchestrator or a model. */
const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '[click](javascript:alert(1)) **bold** ![](https://evil.example/x.png)',
  "'; DROP TABLE final_entities; --",
  '" OR 1=1 --',
  '${process.env.SECRET} {{7*7}} %s %n',
  '../../../etc/passwd',
  'https://evil.example/?a=1&b=2#c',
  '🦙'.repeat(100),
  '👩‍👩‍👧‍👦',
  '\u202egpj.exe',
  '\u200f\u2066שלום\u2069',
  'nul\0nul',
  'line\nbreak\ttab\u2028separator',
  '\ud800',
  'z̷̢̛a̸̧l̶g̵o̸'.repeat(20),
  'x'.repeat(300),
  `${'x'.repeat(299)}y`,
  'Stable-Diffusion',
  'stable-diffusion',
  'STABLE-DIFFUSION',
  'a/b',
  'a:b',
  ' ',
  '.',
  '__proto__',
  'constructor',
];

const until = async <T>(
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
): Promise<T> => {
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
};

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_15'],
  disableDocker: true,
});

describe.each(databases.eachSupportedId())('the real catalog on %s', on => {
  let catalog: Awaited<ReturnType<typeof startCatalog>>;
  let entities: Entity[];
  let restart: (change: (answers: NaapAnswers) => void) => Promise<void>;

  const of = (annotation: string) =>
    entities.filter(e => annotation in (e.metadata.annotations ?? {}));

  beforeAll(async () => {
    const graph = lineage();
    // Not a step: the model layer should not let it in.
    graph.parts.push({
      kind: 'Component',
      name: 'broken',
      type: 'service',
      title: 'B',
      description: 'Of a step that there is not.',
      step: 'explode' as never,
    });
    const knex = await databases.init(on);
    const answers: NaapAnswers = {
      lineage: graph,
      inventory: inventory(HOSTILE, HOSTILE),
      definition: { openapi: '3.1.0', paths: { '/kpis': {} } },
    };
    restart = async change => {
      await catalog.stop();
      change(answers);
      catalog = await startCatalog(answers, knex);
    };
    catalog = await startCatalog(answers, knex);
    const expected = 12 + 2 * HOSTILE.length;
    entities = await until(catalog.entities, e => e.length >= expected);
  });

  afterAll(async () => {
    await catalog?.stop();
  });

  it('takes all of them, under names of its own, each another', () => {
    const network = [
      ...of(NAAP_ANNOTATIONS.orchestrator),
      ...of(NAAP_ANNOTATIONS.model),
    ];
    const names = network.map(entity => entity.metadata.name);
    expect(new Set(names).size).toBe(2 * HOSTILE.length);
    for (const name of names) {
      expect(name).toMatch(/^(orchestrator|model)-[a-z0-9\-_.]{0,62}$/);
      expect(name.length).toBeLessThanOrEqual(63);
    }
  });

  it('keeps what they are called as it is, but for NUL', () => {
    expect(
      of(NAAP_ANNOTATIONS.model)
        .map(e => e.metadata.annotations?.[NAAP_ANNOTATIONS.model])
        .sort(),
    ).toEqual(HOSTILE.map(id => id.replace('\0', '\ufffd')).sort());
  });

  it('has nothing of it where markup is drawn, and no unseen characters in titles', () => {
    for (const { metadata } of of(NAAP_ANNOTATIONS.model)) {
      expect(metadata.description).toBe(
        'AI model that orchestrators of the network offer.',
      );
      expect(metadata.title).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      expect([...metadata.title!].length).toBeLessThanOrEqual(60);
      for (const { url } of metadata.links ?? []) {
        expect(url).toMatch(/^http:\/\/localhost[:/]/);
        expect(url).not.toMatch(/[<>"'\s]/);
      }
    }
  });

  it.each(HOSTILE.filter(id => !id.includes('\0') && id.length <= 60))(
    'leads to the numbers of %j',
    id => {
      const named = of(NAAP_ANNOTATIONS.model).filter(
        e => e.metadata.annotations?.[NAAP_ANNOTATIONS.model] === id,
      );
      expect(named).toHaveLength(1);
      const explorer = named[0].metadata.links?.find(
        link => link.title === 'Explorer',
      );
      expect(new URL(explorer!.url).searchParams.get('model')).toBe(
        id.toWellFormed(),
      );
    },
  );

  it('knows our annotations: what they do not allow does not get in', async () => {
    const refs = entities.map(entity => stringifyEntityRef(entity));
    expect(refs).toContain('component:default/dbt');
    expect(refs).not.toContain('component:default/broken');
    const { spec, relations } = entities.find(
      ({ metadata }) => metadata.name === 'api',
    )!;
    expect(spec?.definition).toBe('{"openapi":"3.1.0","paths":{"/kpis":{}}}');
    expect(relations).toContainEqual({
      type: 'apiProvidedBy',
      targetRef: 'component:default/portal',
    });
  });

  it('loses after a restart what the platform has no more, and no orchestrator', async () => {
    await restart(answers => {
      answers.lineage.nodes = answers.lineage.nodes.filter(
        ({ id }) => id !== 'gold',
      );
      answers.inventory = inventory(['0xab']);
    });
    const refs = await until(
      async () => (await catalog.entities()).map(e => stringifyEntityRef(e)),
      now =>
        now.includes('resource:default/orchestrator-0xab') &&
        !now.includes('resource:default/gold'),
    );
    expect(refs).toHaveLength(entities.length);
  });
});
