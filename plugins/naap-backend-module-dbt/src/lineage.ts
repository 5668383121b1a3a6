import type {
  Builder,
  BuildRecord,
  DbtNode,
  DbtProjectContent,
  Warehouse,
} from '@naap/lakehouse';
import type { LineageLayer } from '@naap/plugin-naap-common';
import {
  type LineageGraph,
  type LineageNodeFacts,
  type LineageSource,
  servedNodeId,
} from '@naap/plugin-naap-node';

const LAYERS: Record<string, LineageLayer> = {
  build: 'silver',
  silver: 'silver',
  seeds: 'silver',
  operators: 'silver',
  gold: 'gold',
};

/** dbt calls a table that it only reads by the project; whoever writes it calls it `<schema>.<table>`. */
const nodeId = (dbtId: string) =>
  dbtId.startsWith('source.') ? dbtId.split('.').slice(2).join('.') : dbtId;

/** Who reads not gold, but what is served of it, says so in its `meta`. */
const READS_SERVED = 'served';

function tableNode(node: DbtNode): LineageGraph['nodes'][number] {
  const isModel = node.sql !== null;
  const kept = node.layer === 'seeds' ? 'dbt-seed' : 'table';
  return {
    id: nodeId(node.id),
    layer: LAYERS[node.layer] ?? 'gold',
    type: isModel ? 'dbt-model' : kept,
    title: node.name,
    description: node.description,
    step: isModel ? 'build' : null,
    entity:
      node.layer === 'gold'
        ? {
            kind: 'Resource',
            name: `gold.${node.name}`,
            type: 'dbt-model',
            tags: ['dbt', 'gold'],
            restsOn: ['naap-dbt', 'naap-warehouse'],
          }
        : null,
    detailed: true,
    hidden: node.layer === 'build',
  };
}

/**
 * Silver, gold, their seeds and who reads gold, by the manifest. Pure.
 *
 * @param engine - what holds silver and gold, as it is called
 */
export function dbtGraph(
  project: DbtProjectContent,
  engine: string,
): LineageGraph {
  const { models, seeds, sources, exposures } = project;
  // Bronze is told of by the layer that writes it.
  const told = sources.filter(({ layer }) => layer !== 'bronze');
  const dashboards = exposures.filter(({ type }) => type === 'dashboard');
  return {
    nodes: [
      ...[...models, ...seeds, ...told].map(tableNode),
      ...dashboards.map(exposure => ({
        id: exposure.id,
        layer: 'consumer' as const,
        type: 'dashboard',
        title: exposure.label,
        description: exposure.description,
        step: null,
        entity: null,
        detailed: false,
      })),
    ],
    edges: [
      ...models.flatMap(({ id, dependsOn }) =>
        dependsOn.map(parent => ({ from: nodeId(parent), to: id })),
      ),
      ...dashboards.flatMap(({ id, meta, dependsOn }) =>
        dependsOn.map(parent => ({
          from:
            meta.reads === READS_SERVED
              ? servedNodeId(parent.split('.').at(-1)!)
              : parent,
          to: id,
        })),
      ),
    ],
    parts: [
      {
        kind: 'Component',
        name: 'naap-dbt',
        type: 'dbt-project',
        title: 'dbt project',
        description:
          'Turns bronze events into requests, and requests into KPIs.',
        step: 'build',
        restsOn: ['naap-warehouse'],
      },
      {
        kind: 'Resource',
        name: 'naap-warehouse',
        type: 'database',
        title: `Warehouse (${engine})`,
        description: 'Silver and gold.',
        step: null,
      },
    ],
  };
}

/** Rows and tests of each table as the last build left them. Pure. */
export function dbtFacts(
  { models, seeds }: DbtProjectContent,
  record: BuildRecord | null,
): Record<string, LineageNodeFacts> {
  if (!record) return {};
  const { build, tables = {}, checks = {} } = record;
  return Object.fromEntries(
    [...models, ...seeds].map(({ id, name, tests }) => {
      const run = tests.filter(test => test in checks);
      const failing = run.filter(test => checks[test].status === 'failed');
      const facts: LineageNodeFacts = {
        rows: tables[name] ?? null,
        updatedAt: build.at,
        tests: run.length
          ? {
              passed: run.length - failing.length,
              failed: failing.length,
              failing,
            }
          : null,
      };
      return [id, facts];
    }),
  );
}

/** What dbt knows of the way of the data. */
export function dbtLineage(
  warehouse: Pick<Warehouse, 'engine' | 'project'> & {
    builder: Pick<Builder, 'state'>;
  },
): LineageSource {
  const { engine, project, builder } = warehouse;
  return {
    id: 'dbt',
    async read() {
      return dbtGraph(await project.read(), engine);
    },
    async facts() {
      return dbtFacts(await project.read(), await builder.state());
    },
    async detail(id) {
      const { models, seeds, sources } = await project.read();
      const found = [...models, ...seeds, ...sources].find(
        node => nodeId(node.id) === id,
      );
      if (!found) return undefined;
      const checks = (await builder.state())?.checks ?? {};
      return {
        columns: found.columns.map(column => ({
          ...column,
          from: column.from.map(origin => ({
            ...origin,
            node: nodeId(origin.node),
          })),
        })),
        sql: found.sql,
        path: found.path,
        tests: found.tests.map(name => ({
          name,
          passed: name in checks ? checks[name].status !== 'failed' : null,
        })),
      };
    },
  };
}
