import { type LineageSource, servedNodeId } from '@naap/plugin-naap-node';
import { DAY_TABLES, DIMENSION_TABLES, type Serving } from '@naap/serving';

const REPLACED = [
  ...DAY_TABLES.map(table => ({ table, as: 'by whole days, all or nothing' })),
  ...DIMENSION_TABLES.map(table => ({ table, as: 'whole' })),
];
const TABLES = REPLACED.map(({ table }) => table);

/** The copies of gold in ClickHouse, and who answers from them. */
export function servingLineage(
  serving: Pick<Serving, 'tables'>,
): LineageSource {
  return {
    id: 'serving',
    async read() {
      return {
        nodes: [
          ...REPLACED.map(({ table, as }) => ({
            id: servedNodeId(table),
            layer: 'serving' as const,
            type: 'clickhouse-table',
            title: table,
            description: `What is served of gold's ${table}: replaced ${as}.`,
            step: 'sync' as const,
            entity: {
              kind: 'Resource' as const,
              name: `clickhouse.${table}`,
              type: 'clickhouse-table',
              tags: ['clickhouse', 'serving'],
              restsOn: ['naap-clickhouse-sync', 'naap-clickhouse'],
            },
            detailed: false,
          })),
          {
            id: 'portal',
            layer: 'serving',
            type: 'process',
            title: 'Portal',
            description: 'The API, the steps of the pipeline and the pages.',
            step: null,
            entity: {
              kind: 'Component',
              name: 'naap-portal',
              type: 'service',
              tags: ['portal'],
            },
            detailed: false,
          },
          {
            id: 'api.naap',
            layer: 'consumer',
            type: 'api',
            title: 'NaaP API',
            description:
              'KPIs, requests, raw events and the pipeline over HTTP, for anyone with a token.',
            step: null,
            entity: {
              kind: 'API',
              name: 'naap',
              type: 'openapi',
              tags: ['portal'],
            },
            detailed: false,
          },
        ],
        edges: [
          ...TABLES.flatMap(table => [
            { from: `model.naap.${table}`, to: servedNodeId(table) },
            { from: servedNodeId(table), to: 'portal' },
          ]),
          { from: 'portal', to: 'api.naap' },
        ],
        parts: [
          {
            kind: 'Component',
            name: 'naap-clickhouse-sync',
            type: 'data-pipeline',
            title: 'ClickHouse sync',
            description:
              'Copies the changed days of gold into ClickHouse, verified before they are published.',
            step: 'sync',
            restsOn: ['naap-clickhouse'],
          },
          {
            kind: 'Resource',
            name: 'naap-clickhouse',
            type: 'database',
            title: 'ClickHouse',
            description: 'What the API answers from.',
            step: null,
          },
        ],
      };
    },
    async facts() {
      return Object.fromEntries(
        (await serving.tables()).map(({ name, rows }) => [
          servedNodeId(name),
          { rows },
        ]),
      );
    },
  };
}
